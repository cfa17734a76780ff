"""Python's multiprocessing on the same cases: prints nanoseconds for one operation."""

import multiprocessing as mp
import sys
import time

THREADS = 4
TIMES = 50_000


def best(n, loop):
    loop(n // 10)
    runs = []
    for _ in range(3):
        started = time.perf_counter()
        loop(n)
        runs.append(time.perf_counter() - started)
    return min(runs) * 1e9 / n


def uncontended():
    lock = mp.Lock()

    def loop(n):
        for _ in range(n):
            lock.acquire()
            lock.release()

    return best(500_000, loop)


def add(lock, counter, go, done):
    go.wait()
    for _ in range(TIMES):
        with lock:
            counter.value += 1
    done.wait()


def contended():
    lock, counter = mp.Lock(), mp.RawValue("i", 0)
    go, done = mp.Barrier(THREADS + 1), mp.Barrier(THREADS + 1)
    workers = [mp.Process(target=add, args=(lock, counter, go, done)) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    go.wait()
    started = time.perf_counter()
    done.wait()
    elapsed = time.perf_counter() - started
    for worker in workers:
        worker.join()
    assert counter.value == THREADS * TIMES
    return elapsed * 1e9 / (THREADS * TIMES)


def raw_value():
    raw = mp.RawValue("i", 0)

    def loop(n):
        for _ in range(n):
            raw.value = raw.value + 1

    return best(500_000, loop)


def value_update():
    value = mp.Value("i", 0)

    def loop(n):
        for _ in range(n):
            with value.get_lock():
                value.value += 1

    return best(200_000, loop)


def semaphore():
    permits = mp.Semaphore(1)

    def loop(n):
        for _ in range(n):
            permits.acquire()
            permits.release()

    return best(500_000, loop)


def event():
    flag = mp.Event()

    def loop(n):
        for _ in range(n):
            flag.set()
            flag.clear()

    return best(100_000, loop)


def together(count, work, *shared):
    """Seconds that processes take from a common start; each is given its index first."""
    go, done = mp.Barrier(count + 1), mp.Barrier(count + 1)
    workers = [mp.Process(target=run, args=(go, done, work, i, *shared)) for i in range(count)]
    for worker in workers:
        worker.start()
    go.wait()
    started = time.perf_counter()
    done.wait()
    elapsed = time.perf_counter() - started
    for worker in workers:
        worker.join()
    return elapsed


def run(go, done, work, *args):
    go.wait()
    work(*args)
    done.wait()


TURNS = 4_000


def take_turns(me, changed, turns):
    for turn in range(me, TURNS, 2):
        with changed:
            while turns.value != turn:
                changed.wait()
            turns.value = turn + 1
            changed.notify()


def condition():
    return together(2, take_turns, mp.Condition(mp.Lock()), mp.RawValue("i", 0)) * 1e9 / TURNS


def hand_over(me, permits):
    for _ in range(TURNS // 2):
        permits[me].acquire()
        permits[1 - me].release()


def semaphore_hand_off():
    return together(2, hand_over, [mp.Semaphore(1), mp.Semaphore(0)]) * 1e9 / TURNS


PASSES = 1_000


def meet(me, barrier):
    for _ in range(PASSES):
        barrier.wait()


def barrier():
    return together(THREADS, meet, mp.Barrier(THREADS)) * 1e9 / PASSES


def put_all(queue, item, count):
    for _ in range(count):
        queue.put(item)


def get_all(queue, count):
    for _ in range(count):
        queue.get()


def through(make, item, count, pairs=1):
    """Seconds that an item takes from a producer to a consumer, each a process."""
    queue = make()
    go, done = mp.Barrier(pairs * 2 + 1), mp.Barrier(pairs * 2 + 1)
    workers = [mp.Process(target=run, args=(go, done, put_all, queue, item, count)) for _ in range(pairs)]
    workers += [mp.Process(target=run, args=(go, done, get_all, queue, count)) for _ in range(pairs)]
    for worker in workers:
        worker.start()
    go.wait()
    started = time.perf_counter()
    done.wait()
    elapsed = time.perf_counter() - started
    for worker in workers:
        worker.join()
    return elapsed * 1e9 / (count * pairs)


TEXT = "the quick brown fox jumps over the lazy dog and runs away from it"[:64]


def fastest(item, count, pairs=1):
    """Of its two queues, the one that takes less."""
    return min(through(make, item, count, pairs) for make in (mp.Queue, mp.SimpleQueue))


if __name__ == "__main__":
    cases = {
        "queue-spsc": lambda: fastest(TEXT, 100_000),
        "queue-mpmc": lambda: fastest(TEXT, 50_000, pairs=2),
        "queue-objects": lambda: fastest({"id": 1, "name": "worker", "ok": True, "score": 1.5}, 50_000),
        "queue-buffers": lambda: fastest(bytes(65536), 2_000),
        "uncontended": uncontended,
        "contended": contended,
        "raw-value": raw_value,
        "value-update": value_update,
        "semaphore": semaphore,
        "event": event,
        "condition": condition,
        "semaphore-hand-off": semaphore_hand_off,
        "barrier": barrier,
    }
    print(cases[sys.argv[1]]())
