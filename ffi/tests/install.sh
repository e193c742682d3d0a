#!/usr/bin/env bash
# Installs libsyntrap into an empty prefix and builds the examples against that prefix only, by
# pkg-config and by CMake. Fails at the first thing that fails.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

make --no-print-directory -C "$root/ffi" install PREFIX="$prefix" >/dev/null
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)

says() { # says EXIT TEXT COMMAND…: the command ends with this status and prints this text
    local status=$1 text=$2 output got=0
    shift 2
    output=$("$@") || got=$?
    if [ "$got" -ne "$status" ] || [[ "$output" != *"$text"* ]]; then
        printf 'not so: `%s` exited %s and printed: %s\n' "$*" "$got" "$output" >&2
        exit 1
    fi
    echo "ok: $(basename "$1") says $text"
}
attack() { printf "1' UNION SELECT password FROM users -- " | "$1"; }
ordinary() { printf "O'Brien and Sons" | "$1"; }

warnings=(-Wall -Wextra -Werror -pedantic)
if command -v pkg-config >/dev/null; then
    export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
    says 0 "$version" pkg-config --modversion syntrap
    # shellcheck disable=SC2046
    cc -std=c99 "${warnings[@]}" "$root/examples/c/scan.c" $(pkg-config --cflags --libs syntrap) -o "$work/scan"
    cc -std=c99 "${warnings[@]}" "$root/examples/c/scan.c" $(pkg-config --cflags syntrap) \
        "$prefix/lib/libsyntrap.a" $(pkg-config --static --libs-only-l syntrap | sed 's/-lsyntrap//') \
        -o "$work/scan-static"
    c++ -std=c++17 "${warnings[@]}" "$root/examples/cpp/scan.cpp" $(pkg-config --cflags --libs syntrap) -o "$work/scan-cpp"
    export LD_LIBRARY_PATH=$prefix/lib
    for scan in scan scan-static; do
        says 1 '"verdict":"attack"' attack "$work/$scan"
        says 0 '"verdict":"benign"' ordinary "$work/$scan"
    done
    says 1 "attack: 1; drop table users" "$work/scan-cpp" Anna "1; drop table users"
    says 0 "benign: Anna" "$work/scan-cpp" Anna
    says 0 "libsyntrap.so.${version%.*}" readelf -d "$work/scan"
    # What the tests need is not in what is installed.
    symbols=$(nm -D "$prefix/lib/libsyntrap.so")
    if [[ "$symbols" != *syntrap_check* || "$symbols" == *syntrap_panic* ]]; then
        echo "not so: the installed library has no call that panics" >&2
        exit 1
    fi
    unset LD_LIBRARY_PATH
else
    echo "SKIPPED: pkg-config is not installed"
fi

if command -v cmake >/dev/null; then
    for language in c cpp; do
        cmake -S "$root/examples/$language" -B "$work/$language" -DCMAKE_PREFIX_PATH="$prefix" \
            -DCMAKE_BUILD_TYPE=Release >/dev/null
        cmake --build "$work/$language" >/dev/null
    done
    says 1 '"verdict":"attack"' attack "$work/c/scan"
    says 1 '"verdict":"attack"' attack "$work/c/scan-static"
    says 1 "attack: 1; drop table users" "$work/cpp/scan" "1; drop table users"
else
    echo "SKIPPED: cmake is not installed"
fi

# What is uninstalled is gone.
make --no-print-directory -C "$root/ffi" uninstall PREFIX="$prefix"
if [ -n "$(find "$prefix" ! -type d)" ]; then
    echo "not so: uninstall leaves nothing" >&2
    exit 1
fi
