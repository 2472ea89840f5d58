#!/usr/bin/env bash
# Prints the target whose release runs on this machine, as .github/workflows/release.yml names it.
set -euo pipefail

# A runner says what it is; elsewhere uname does.
machine=${RUNNER_OS:-$(uname -s)}-${RUNNER_ARCH:-$(uname -m)}
case $machine in
  Linux-X64 | Linux-x86_64) echo x86_64-unknown-linux-musl ;;
  Linux-ARM64 | Linux-aarch64) echo aarch64-unknown-linux-musl ;;
  macOS-X64 | Darwin-x86_64) echo x86_64-apple-darwin ;;
  macOS-ARM64 | Darwin-arm64) echo aarch64-apple-darwin ;;
  Windows-X64 | MINGW64*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
  *)
    echo "::error title=ovnlint::there is no release for $machine" >&2
    exit 2
    ;;
esac
