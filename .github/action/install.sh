#!/usr/bin/env bash
# Puts a release of ovnlint into the PATH of the steps that follow: INPUT_VERSION, for this machine, as its checksum says.
# For bash 3.2, which macOS has.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

releases=${OVNLINT_RELEASES:-https://github.com/ovnlint/ovnlint/releases/download}

fail() {
  echo "::error title=ovnlint::$*" >&2
  exit 2
}

download() {
  curl --fail --silent --show-error --location --proto '=https,file' --proto-redir '=https' \
    --retry 3 --retry-connrefused --connect-timeout 20 --max-time 300 --output "$1" "$releases/v$version/$1" ||
    fail "cannot download $releases/v$version/$1"
}

sha256_check() {
  # Not every machine has shasum, but it is the same wherever it is.
  if command -v shasum >/dev/null; then shasum -a 256 -c "$1"; else sha256sum -c "$1"; fi
}

version=${INPUT_VERSION#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "the version is no release's number, such as 0.1.0"
target=$("$here/platform.sh")
name=ovnlint-v$version-$target
directory=$(mktemp -d "${RUNNER_TEMP:-/tmp}/ovnlint.XXXXXX")
trap 'rm -rf "$directory"' EXIT

# Names without a directory: for tar, the colon of D:\a\_temp ends the name of a machine.
cd "$directory"
download "$name.tar.gz"
download SHA256SUMS
awk -v name="$name.tar.gz" '$2 == name || $2 == "*" name' SHA256SUMS >checksum
[[ -s checksum ]] || fail "SHA256SUMS of v$version does not name $name.tar.gz"
sha256_check checksum || fail "$name.tar.gz is not what SHA256SUMS of v$version says"
tar -xzf "$name.tar.gz"
"./$name/ovnlint" --version

trap - EXIT
echo "$directory/$name" >>"$GITHUB_PATH"
