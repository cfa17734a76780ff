"""
Python's multiprocessing on the same cases: prints the figure of the case it is given, or without one the names of all. What is needed by one
case only is imported or made there: a process that is spawned runs this file again.
"""

import array
import importlib.util
import multiprocessing as mp
import os
import re
import sys
import time

THREADS = 4
TIMES = 50_000


def best(n, loop):
    # As long as in measure.ts.
    warm = time.perf_counter() + 0.5
    while time.perf_counter() < warm:
        loop(n)
    runs = []
    # As often as in measure.ts.
    for _ in range(5):
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


def add(me, lock, counter):
    for _ in range(TIMES):
        with lock:
            counter.value += 1


def contended(count=THREADS):
    counter = mp.RawValue("i", 0)
    elapsed = together(count, add, mp.Lock(), counter)
    assert counter.value == count * TIMES
    return elapsed * 1e9 / (count * TIMES)


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


def pass_on(me, queue, item, count, pairs):
    for _ in range(count):
        if me < pairs:
            queue.put(item)
        else:
            queue.get()


def through(make, item, count, pairs):
    """Nanoseconds for an item from a producer to a consumer, each a process."""
    return together(pairs * 2, pass_on, make(), item, count, pairs) * 1e9 / (count * pairs)


TEXT = "the quick brown fox jumps over the lazy dog and runs away from it"[:64]


def fastest(item, count, pairs=1):
    """Of its two queues, the one that takes less."""
    return min(through(make, item, count, pairs) for make in (mp.Queue, mp.SimpleQueue))


def increment(x):
    return x + 1


def square(x):
    return x * x


def renumber(item):
    return {**item, "id": item["id"] + 1}


def double_all(doubles):
    doubles *= 2
    return doubles


def double_each(doubles):
    for i, x in enumerate(doubles):
        doubles[i] = x * 2
    return doubles


def introduce(_):
    """Who answers; takes a millisecond, so that the others come to their turn."""
    time.sleep(0.001)
    return os.getpid()


def pool_of(size, method=None):
    """A pool of which every worker has answered; processes are forked unless the method says else."""
    pool = mp.get_context(method).Pool(size)
    while len(set(pool.map(introduce, range(size), 1))) < size:
        pass
    return pool


def at_once(n, function, items):
    """Nanoseconds for a call, all made before the first is awaited."""
    pool = pool_of(2)

    def loop(times):
        for result in [pool.apply_async(function, (item,)) for item in items[:times]]:
            result.get()

    return best(n, loop)


def process_tasks():
    pool = pool_of(2)

    def loop(n):
        assert pool.map(increment, range(n), chunksize=1)[-1] == n

    return best(20_000, loop)


def process_bytes():
    import numpy

    return at_once(64, double_all, [numpy.full(2**17, i, "float64") for i in range(64)])


def pool_map():
    pool = pool_of(2)
    numbers = list(range(1_000_000))
    return best(len(numbers), lambda _: pool.map(square, numbers))


def round_trip():
    import statistics

    pool = pool_of(2)
    figures = []
    for n in range(3_000):
        before = time.perf_counter()
        assert pool.apply(increment, (n,)) == n + 1
        figures.append(time.perf_counter() - before)
    return statistics.median(figures[500:]) * 1e9


def start(size, method=None):
    """Milliseconds from nothing to nothing."""
    before = time.perf_counter()
    pool = pool_of(size, method)
    pool.terminate()
    pool.join()
    return (time.perf_counter() - before) * 1e3


def proportional(pids):
    """Megabytes of processes, each shared page by its share."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            total += int(re.search(r"^Pss:\s+(\d+) kB$", file.read(), re.M)[1])
    return total / 1024


def memory():
    before = proportional([os.getpid()])
    pool = pool_of(8)
    time.sleep(1)
    return (proportional([os.getpid(), *(child.pid for child in pool._pool)]) - before) / 8


def resident(method):
    """Megabytes that a worker has in memory, shared pages as if they were its own."""
    pool = pool_of(2, method)
    time.sleep(1)
    total = 0
    for child in pool._pool:
        with open(f"/proc/{child.pid}/status") as file:
            total += int(re.search(r"^VmRSS:\s+(\d+) kB$", file.read(), re.M)[1])
    return total / 1024 / 2


def items():
    return [{"id": i, "name": f"item number {i}", "tags": ["small", "plain", f"shelf {i % 100}"]} for i in range(20_000)]


def echo_bytes(connection, other):
    # A forked child has both ends, and would never see the end of this one.
    other.close()
    try:
        while True:
            connection.send_bytes(connection.recv_bytes())
    except EOFError:
        pass


def pipe_bytes():
    """A mebibyte through a Pipe and back; it is not even doubled, which would take Python longer than the way."""
    ours, theirs = mp.Pipe()
    child = mp.Process(target=echo_bytes, args=(theirs, ours))
    child.start()
    theirs.close()
    payload = bytes(1 << 20)

    def loop(n):
        for _ in range(n):
            ours.send_bytes(payload)
            ours.recv_bytes()

    figure = best(200, loop)
    ours.close()
    child.join()
    return figure


if __name__ == "__main__":
    cases = {
        "queue-spsc": lambda: fastest(TEXT, 100_000, 1),
        "queue-mpmc": lambda: fastest(TEXT, 50_000, 2),
        "queue-objects": lambda: fastest({"id": 1, "name": "worker", "ok": True, "score": 1.5}, 50_000),
        "queue-buffers": lambda: fastest(bytes(65536), 2_000),
        "uncontended": uncontended,
        "contended": contended,
        "shm-uncontended": uncontended,
        "shm-contended-2": lambda: contended(2),
        "shm-contended-4": lambda: contended(4),
        "shm-hand-off": semaphore_hand_off,
        "shm-hand-off-pinned": semaphore_hand_off,
        "shm-value-update": value_update,
        "shm-queue": lambda: fastest(TEXT, 100_000, 1),
        "shm-bytes": pipe_bytes,
        "raw-value": raw_value,
        "value-update": value_update,
        "semaphore": semaphore,
        "event": event,
        "condition": condition,
        "semaphore-hand-off": semaphore_hand_off,
        "barrier": barrier,
        # Fewer than the others' 100 000: it takes 50 us for each.
        "pool-tasks": lambda: at_once(20_000, increment, range(20_000)),
        "pool-map": pool_map,
        "pool-round-trip": round_trip,
        "pool-round-trip-pinned": round_trip,
        "pool-start-2": lambda: start(2),
        "pool-start-8": lambda: start(8),
        "pool-memory": memory,
        "pool-mixed": lambda: at_once(20_000, renumber, items()),
        "pool-bytes": lambda: at_once(64, sum, [array.array("d", [i]) * 2**17 for i in range(64)]),
        "process-tasks (map)": process_tasks,
        "process-map": pool_map,
        "process-round-trip": round_trip,
        "process-start (fork)": lambda: start(2, "fork"),
        "process-start (spawn)": lambda: start(2, "spawn"),
        "process-memory (fork)": lambda: resident("fork"),
        "process-memory (spawn)": lambda: resident("spawn"),
    }
    # Its own arrays know no arithmetic: the loop over them would be most of what is measured.
    if importlib.util.find_spec("numpy"):
        cases["process-bytes (numpy)"] = process_bytes
    else:
        cases["process-bytes (array)"] = lambda: at_once(64, double_each, [array.array("d", [i]) * 2**17 for i in range(64)])
    if len(sys.argv) > 1:
        print(cases[sys.argv[1]]())
    else:
        print(*cases, sep="\n")
