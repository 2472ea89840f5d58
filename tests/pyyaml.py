"""Says what the real PyYAML makes of many texts, in one process.

Reads a list of texts (JSON) from the file named on the command line, and prints for each (JSON) its documents, or null
where PyYAML refuses it. A text is ["text", TEXT], a number ["int", DIGITS] or ["float", DIGITS], a truth value
["bool", …], nothing ["null"], a list ["list", …], a map ["map", [KEY, VALUE]…], anything else ["other"].
Exits with 77 where PyYAML is not installed.
"""

import json
import sys

try:
    import yaml
except ImportError:
    sys.exit(77)


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The loader that Ansible's is made from, which leaves tags of somebody's own to others."""


class Other:
    """What carries such a tag."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: Other())


def plain(value):
    if value is None:
        return ["null"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, str):
        return ["text", value]
    if isinstance(value, list):
        return ["list", [plain(item) for item in value]]
    if isinstance(value, dict):
        return ["map", [[plain(key), plain(item)] for key, item in value.items()]]
    return ["other"]


def documents(text):
    try:
        return [plain(value) for value in yaml.load_all(text, Loader)]
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError):
        return None


with open(sys.argv[1], encoding="utf-8") as file:
    json.dump([documents(text) for text in json.load(file)], sys.stdout)
