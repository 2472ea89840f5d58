"""Says what the real oslo.config makes of many inputs, in one process.

Reads a request (JSON) from the file named on the command line, and prints the answers (JSON):
  {"texts": [...], "files": [...], "typed": [...], "services": [...], "options": [[section, name, type], ...]}
Exits with 77 where oslo.config is not installed.
"""

import json
import logging
import os
import sys
import tempfile

try:
    from oslo_config import cfg, iniparser, types
except ImportError:
    sys.exit(77)

# The default of every option: seen in a value, it tells that an option was not set.
UNSET = "UNSET"


def parsed(path):
    """The sections of a file up to its first error, and the error."""
    sections = {}
    try:
        cfg.ConfigParser(path, sections).parse()
        error = None
    except iniparser.ParseError as refused:
        error = {"line": refused.lineno, "message": refused.msg, "text": refused.line}
    except UnicodeDecodeError as refused:
        error = {"line": 0, "message": "undecodable", "text": ""}
    return {"sections": sections, "error": error}


def parsed_text(path, text):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return parsed(path)


def typed(text):
    """A value as the types read it; "refused" where they raise."""

    def read(kind):
        try:
            return kind(text)
        except ValueError:
            return "refused"

    integer = read(types.Integer())
    return {
        "list": read(types.List()),
        "boolean": read(types.Boolean()),
        # As text: JSON readers differ on numbers beyond 64 bits.
        "integer": None if integer is None else str(integer),
    }


def service(directory, texts, options):
    """The value of every string option of a service that loads `texts` in this order."""
    paths = []
    for number, text in enumerate(texts):
        paths.append(os.path.join(directory, f"{number}.conf"))
        with open(paths[-1], "w", encoding="utf-8", newline="") as file:
            file.write(text)
    conf = cfg.ConfigOpts()
    for section, name, kind, deprecated in options:
        old = [cfg.DeprecatedOpt(key, group=group) for group, key in deprecated]
        opt = {
            "text": lambda: cfg.StrOpt(name, default=UNSET, deprecated_opts=old),
            "boolean": lambda: cfg.BoolOpt(name, deprecated_opts=old),
            "integer": lambda: cfg.IntOpt(name, deprecated_opts=old),
        }[kind]()
        conf.register_opt(opt, group=None if section == "DEFAULT" else section)
    conf([], default_config_files=paths, default_config_dirs=[])
    values = []
    for section, name, kind, _ in options:
        try:
            value = (conf if section == "DEFAULT" else conf[section])[name]
            values.append(value if value is None else str(value))
        except (cfg.Error, ValueError, RecursionError) as refused:
            values.append({"refused": type(refused).__name__})
    return values


def main():
    logging.disable(logging.CRITICAL)
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "one.ini")
        answer = {
            "texts": [parsed_text(path, text) for text in request["texts"]],
            "files": [parsed(path) for path in request["files"]],
            "typed": [typed(text) for text in request["typed"]],
            "services": [service(directory, texts, request["options"]) for texts in request["services"]],
        }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
