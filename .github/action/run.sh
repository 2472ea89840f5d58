#!/usr/bin/env bash
# Runs `ovnlint check` as the inputs of the action say, and ends with its exit code.
# OVNLINT_PATHS and OVNLINT_ARGS: one on each line, as they are. OVNLINT_AGAINST: `auto`, `none` or what --against takes.
# OVNLINT_BASE: the commit before the event. OVNLINT_FAIL_ON, OVNLINT_SUMMARY, and of the runner RUNNER_TEMP,
# GITHUB_OUTPUT and GITHUB_STEP_SUMMARY.
set -euo pipefail

# The lines of a text that are not empty, in the array `lines`.
split() {
  local line
  lines=()
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    [[ -z $line ]] || lines+=("$line")
  done <<<"$1"
}

has_commit() { git cat-file -e "$1^{commit}" 2>/dev/null; }

# Fetches a commit that a shallow clone lacks.
fetch() {
  has_commit "$1" && return
  git fetch --quiet --no-tags --depth=1 origin "$1" || true
  has_commit "$1"
}

arguments=(check --format github)

against=${OVNLINT_AGAINST:-auto}
base=${OVNLINT_BASE-}
case $against in
  none) ;;
  auto)
    # A branch that is new has 0000… before it, a schedule has nothing.
    if [[ ! $base =~ ^[0-9a-f]{40,64}$ || $base =~ ^0+$ ]]; then
      echo "There is no commit before: all findings count."
    elif fetch "$base"; then
      arguments+=("--against=$base")
    else
      echo "::warning title=ovnlint::$base, the commit before, cannot be fetched: all findings count"
    fi
    ;;
  *)
    if [[ $against =~ ^[0-9a-f]{40,64}$ ]]; then fetch "$against" || true; fi
    arguments+=("--against=$against")
    ;;
esac

[[ -z ${OVNLINT_FAIL_ON-} ]] || arguments+=("--fail-on=$OVNLINT_FAIL_ON")

sarif=$(mktemp -d "$RUNNER_TEMP/ovnlint.XXXXXX")/ovnlint.sarif
arguments+=("--format=sarif=$sarif")

split "${OVNLINT_ARGS-}"
# An empty array is unbound in the bash of macOS.
((${#lines[@]} == 0)) || arguments+=("${lines[@]}")
split "${OVNLINT_PATHS:-.}"
((${#lines[@]} == 0)) || arguments+=(-- "${lines[@]}")

[[ ${OVNLINT_SUMMARY:-true} == true ]] || unset GITHUB_STEP_SUMMARY

code=0
ovnlint "${arguments[@]}" || code=$?

echo "exit-code=$code" >>"$GITHUB_OUTPUT"
if [[ -s $sarif ]]; then echo "sarif=$sarif" >>"$GITHUB_OUTPUT"; fi
exit "$code"
