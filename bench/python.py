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


if __name__ == "__main__":
    cases = {"uncontended": uncontended, "contended": contended, "raw-value": raw_value, "value-update": value_update}
    print(cases[sys.argv[1]]())
