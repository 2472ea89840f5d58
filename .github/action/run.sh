#!/usr/bin/env bash
# Runs `ovnlint check` as the inputs of action.yml say, writes the outputs, and ends with the program's exit code.
# For bash 3.2, which macOS has: there an empty array is an unset variable.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

leave() {
  echo "exit-code=$1" >>"$GITHUB_OUTPUT"
  exit "$1"
}

# Each line that is not empty becomes one word of `lines`.
split() {
  local line
  lines=()
  while IFS= read -r line; do
    line=${line%$'\r'}
    [[ -z $line ]] || lines+=("$line")
  done <<<"$1"
}

split "${INPUT_PATHS-}"
((${#lines[@]} > 0)) || lines=(.)
paths=(-- "${lines[@]}")
directory=${lines[0]}
[[ -d $directory ]] || directory=$(dirname -- "$directory")

state=(check)
compared=(check)
if [[ -n ${INPUT_FAIL_ON-} ]]; then
  state+=("--fail-on=$INPUT_FAIL_ON")
  compared+=("--fail-on=$INPUT_FAIL_ON")
fi
split "${INPUT_ARGS-}"
for word in ${lines[@]+"${lines[@]}"}; do
  compared+=("$word")
  # It goes with --against alone.
  [[ $word == --all ]] || state+=("$word")
done

against=$("$here/base.sh" "$directory") || leave 2
sarif=$(mktemp -d "${RUNNER_TEMP:-/tmp}/ovnlint-sarif.XXXXXX")/ovnlint.sarif
code=0
known=0
if [[ -z $against ]]; then
  ovnlint "${compared[@]}" --format github --format "sarif=$sarif" "${paths[@]}" || code=$?
  known=$code
else
  # Code scanning closes what a report lacks, and compares by itself: it needs all that is there.
  ovnlint "${state[@]}" --format "sarif=$sarif" "${paths[@]}" || known=$?
  ovnlint "${compared[@]}" "--against=$against" --format github "${paths[@]}" || code=$?
fi
# Where nothing was checked, an empty report would close everything.
if ((code <= 1 && known <= 1)) && [[ -s $sarif ]]; then
  echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
fi
leave "$code"
