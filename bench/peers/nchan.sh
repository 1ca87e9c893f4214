#!/bin/sh
# nginx with Debian's nchan, in the foreground on port $1; what it writes goes to build/bench.
set -e
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$here/../.." && pwd)/build/bench/nchan-$1
mkdir -p "$folder"
sed -e "s#@DIR@#$folder#g" -e "s#@PORT@#$1#g" "$here/nchan.conf.in" >"$folder/nginx.conf"
exec nginx -p "$folder" -c "$folder/nginx.conf"
