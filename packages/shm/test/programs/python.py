"""The Python side of the tests: reads commands, one JSON list a line, and answers each with a line of JSON."""
import json
import sys
from multiprocessing import resource_tracker, shared_memory


def untracked(make):
    """Python before 3.13 takes away at its end what it only attached."""
    shm = make()
    resource_tracker.unregister(shm._name, "shared_memory")
    return shm


def plain(value):
    return {"bytes": list(value)} if isinstance(value, bytes) else value


def fancy(value):
    return bytes(value["bytes"]) if isinstance(value, dict) else value


def run(command, *args):
    if command == "scale":
        name, count, factor = args
        shm = untracked(lambda: shared_memory.SharedMemory(name=name))
        view = shm.buf.cast("d")
        for i in range(count):
            view[i] *= factor
        view.release()
        shm.close()
        return None
    if command == "create":
        shm = shared_memory.SharedMemory(create=True, size=args[0])
        shm.buf[: len(args[1])] = bytes(args[1], "utf-8")
        kept[shm.name] = shm
        return shm.name
    if command == "read":
        return bytes(kept[args[0]].buf[: args[1]]).decode()
    if command == "unlink":
        shm = kept.pop(args[0])
        shm.close()
        shm.unlink()
        return None
    if command == "list":
        made = shared_memory.ShareableList([fancy(item) for item in args[0]])
        kept[made.shm.name] = made.shm
        return made.shm.name
    if command == "items":
        name, changes = args
        made = shared_memory.ShareableList(name=name)
        resource_tracker.unregister(made.shm._name, "shared_memory")
        for index, item in changes:
            made[index] = fancy(item)
        found = [plain(item) for item in made]
        made.shm.close()
        return found
    raise ValueError(command)


kept = {}
for line in sys.stdin:
    print(json.dumps(run(*json.loads(line))), flush=True)
