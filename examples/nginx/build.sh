#!/usr/bin/env bash
# Builds ngx_http_syntrap_module.so for Debian's nginx: build.sh OUTPUT_DIRECTORY. Needs nginx-dev, and
# syntrap where pkg-config finds it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
output=$(mkdir -p "$1" && cd "$1" && pwd)
sources=/usr/share/nginx/src
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What nginx-dev has is enough for a module; the flags are those of the packaged nginx.
cp -r "$sources/." "$work"
# shellcheck source=/dev/null
. "$sources/conf_flags"
cd "$work"
bash ./configure "${NGX_CONF_FLAGS[@]}" --with-cc-opt="-g -O2 -Wall -Wextra -Wno-unused-parameter -Werror" \
    --add-dynamic-module="$here" >configure.log 2>&1 || { cat configure.log >&2; exit 1; }
make -s -f objs/Makefile modules >make.log 2>&1 || { cat make.log >&2; exit 1; }
cp objs/ngx_http_syntrap_module.so "$output"
