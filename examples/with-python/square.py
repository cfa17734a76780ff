"""Squares the doubles in shared memory that somebody else has created, in place, and prints their sum."""

import sys
from multiprocessing import resource_tracker, shared_memory

name, count = sys.argv[1], int(sys.argv[2])
if sys.version_info >= (3, 13):
    memory = shared_memory.SharedMemory(name=name, track=False)
else:
    memory = shared_memory.SharedMemory(name=name)
    # Else Python would take the memory away at its end, although it is not its own.
    resource_tracker.unregister(memory._name, "shared_memory")

numbers = memory.buf.cast("d")
for i in range(count):
    numbers[i] *= numbers[i]
print(sum(numbers[i] for i in range(count)))
numbers.release()
memory.close()
