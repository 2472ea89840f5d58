#!/usr/bin/env bash
# Packs a program as .github/workflows/release.yml does, so that the action can be tested before there is a release.
# `release.sh DIRECTORY VERSION PROGRAM`; OVNLINT_RELEASES=file://DIRECTORY makes the action take it from there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
directory=$1/v$2
program=$3

name=ovnlint-v$2-$("$here/platform.sh")
mkdir -p "$directory/$name"
cp "$program" "$directory/$name"
cd "$directory"
tar -czf "$name.tar.gz" "$name"
rm -r "$name"
if command -v shasum >/dev/null; then shasum -a 256 "$name.tar.gz"; else sha256sum "$name.tar.gz"; fi >SHA256SUMS
