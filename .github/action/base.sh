#!/usr/bin/env bash
# Prints the revision to compare with, fetched where a shallow clone lacks it, or nothing where there is none.
# `base.sh DIRECTORY`, a directory of the repository. INPUT_AGAINST is what the user says, EVENT_BASE what the event does.
set -euo pipefail
directory=$1

fail() {
  echo "::error title=ovnlint::$*" >&2
  exit 2
}

in_repository() { GIT_TERMINAL_PROMPT=0 git -C "$directory" "$@"; }

is_hash() { [[ $1 =~ ^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$ ]]; }

# The base of a pull request is the first parent of the merge that is checked out: the event's is older where the
# base went on. A shallow clone lacks the parent, but its name is in the commit.
merged_into() {
  [[ ${GITHUB_EVENT_NAME-} == pull_request && $(in_repository rev-parse HEAD) == "${GITHUB_SHA-}" ]] || return 0
  in_repository cat-file commit HEAD |
    awk '/^$/ { message = 1 } !message && $1 == "parent" { parents[++count] = $2 } END { if (count == 2) print parents[1] }'
}

of_event() {
  local base
  base=$(merged_into)
  base=${base:-${EVENT_BASE-}}
  # A branch that was just pushed has nothing before.
  [[ ! $base =~ ^0*$ ]] || return 0
  is_hash "$base" || fail "the event names no commit"
  echo "$base"
}

against=${INPUT_AGAINST-}
case $against in
  none) exit ;;
  *$'\n'*) fail "'against' has more than one line" ;;
  '')
    against=$(of_event)
    [[ -n $against ]] || { echo "nothing to compare with: everything counts" >&2; exit; }
    ;;
esac
if is_hash "$against" && ! in_repository cat-file -e "$against^{commit}" 2>/dev/null; then
  in_repository fetch --quiet --no-tags --depth=1 origin "$against" >&2 ||
    fail "cannot fetch $against, to compare with: set 'against' to another commit or to 'none', or 'fetch-depth: 0' of actions/checkout"
fi
echo "$against"
