#!/usr/bin/env bash
# Prints the revision to compare with, fetched where a shallow clone lacks it, or nothing where there is none.
# `base.sh PATH`, the path that is linted. INPUT_AGAINST is what the user says, EVENT_BASE what the event does.
set -euo pipefail
path=$1

fail() {
  echo "::error title=ovnlint::$*" >&2
  exit 2
}

# The directory at or above one that has a `.git`, which no commit can bring.
top_of() {
  local directory=$1
  until [[ -f $directory/.git || -e $directory/.git/HEAD ]]; do
    [[ $directory != / && $directory != . && -n $directory ]] || return 1
    directory=$(dirname -- "$directory")
  done
  echo "$directory"
}

# As the program finds it: the working tree that the step runs in, if the path is named below it, whatever a change
# put there; else the one that has the path.
find_top() {
  local top named
  if top=$(top_of "$(pwd -P)"); then
    case $path in
      *..* | /*) named=$(resolved) ;;
      *) named=$top ;;
    esac
    [[ $named/ != "$top"/* ]] || { echo "$top" && return; }
  fi
  top_of "$(resolved)" || { echo "$path lies in no git repository" >&2 && return 1; }
}

resolved() {
  local directory=$path
  [[ -d $directory ]] || directory=$(dirname -- "$directory")
  cd -P -- "$directory" && pwd
}

# Git is asked there and nowhere else; none of the repository's settings makes it run a program, and files that look
# like a repository are none. A git that is too old for one of them passes over it.
in_repository() {
  local top
  top=$(find_top) || return
  GIT_CEILING_DIRECTORIES=$(dirname -- "$top") GIT_LITERAL_PATHSPECS=1 GIT_NO_LAZY_FETCH=1 GIT_NO_REPLACE_OBJECTS=1 \
    GIT_OPTIONAL_LOCKS=0 GIT_PAGER=cat GIT_TERMINAL_PROMPT=0 \
    git --no-pager -c safe.bareRepository=explicit -c core.fsmonitor=false -c core.hooksPath=/dev/null \
    -c core.pager=cat -c core.useReplaceRefs=false -c gc.auto=0 -c maintenance.auto=false -C "$top" "$@"
}

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
  in_repository fetch --quiet --no-tags --no-recurse-submodules --depth=1 \
    --upload-pack=git-upload-pack origin "$against" >&2 ||
    fail "cannot fetch $against, to compare with: set 'against' to another commit or to 'none', or 'fetch-depth: 0' of actions/checkout"
fi
echo "$against"
