#!/usr/bin/env bash
# Makes the steps of a workflow that follow install what is checked out, built and packed as a release.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."

cargo build --locked
program=target/debug/ovnlint
[[ ! -f $program.exe ]] || program=$program.exe
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
releases=$RUNNER_TEMP/releases
"$here/release.sh" "$releases" "$version" "$program"
# On Windows D:\a\_temp is file:///D:/a/_temp.
releases=${releases//\\//}
echo "OVNLINT_RELEASES=file:///${releases#/}" >>"$GITHUB_ENV"
