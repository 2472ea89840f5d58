#!/usr/bin/env bash
# Installs a release of ovnlint for the steps that follow: what suits the runner is downloaded, and its checksum compared.
# OVNLINT_VERSION, and of the runner RUNNER_OS, RUNNER_ARCH, RUNNER_TEMP and GITHUB_PATH. OVNLINT_DOWNLOADS is where the
# releases are: a mirror, or a directory as file://.
set -euo pipefail

stop() {
  echo "::error title=ovnlint::$*"
  exit 2
}

sums() {
  if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

version=${OVNLINT_VERSION#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || stop "\`version\` is a release, such as 0.1.0"

case $RUNNER_OS-$RUNNER_ARCH in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  # ARM runs it, too.
  Windows-X64 | Windows-ARM64) target=x86_64-pc-windows-msvc ;;
  *) stop "there is no release for $RUNNER_OS on $RUNNER_ARCH" ;;
esac

name=ovnlint-v$version-$target
downloads=${OVNLINT_DOWNLOADS:-https://github.com/ovnlint/ovnlint/releases/download}
directory=$(mktemp -d "$RUNNER_TEMP/ovnlint.XXXXXX")
# Paths with a drive are none to tar: everything else happens in there.
cd "$directory"

for file in "$name.tar.gz" SHA256SUMS; do
  curl --proto '=https,file' --fail --silent --show-error --location --retry 3 \
    --output "$file" "$downloads/v$version/$file" || stop "$downloads/v$version/$file cannot be downloaded"
done

expected=$(awk -v name="$name.tar.gz" '$2 == name || $2 == "*" name { print $1 }' SHA256SUMS)
[[ $expected =~ ^[0-9a-f]{64}$ ]] || stop "SHA256SUMS of v$version has no checksum of $name.tar.gz"
found=$(sums "$name.tar.gz")
[[ ${found%% *} == "$expected" ]] || stop "the checksum of $name.tar.gz is ${found%% *}, not $expected"

tar -xzf "$name.tar.gz"
rm "$name.tar.gz" SHA256SUMS
"./$name/ovnlint" --version
echo "$directory/$name" >>"$GITHUB_PATH"
