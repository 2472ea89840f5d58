#!/usr/bin/env bash
# Builds the wheel with the program into DIRECTORY: build.sh DIRECTORY [OPTION of maturin build…]
set -euo pipefail

absolute() { mkdir -p "$1" && cd "$1" && pwd; }

out=$(absolute "$1")
shift
if [[ -n ${CARGO_TARGET_DIR-} ]]; then
  CARGO_TARGET_DIR=$(absolute "$CARGO_TARGET_DIR")
  export CARGO_TARGET_DIR
fi
cd "$(dirname "${BASH_SOURCE[0]}")"

# Licences are taken only from the directory of the pyproject.toml.
trap 'rm -f LICENSE-*' EXIT
cp ../../LICENSE-* .
"${PYTHON:-python3}" -m maturin build --release --locked --out "$out" "$@"
