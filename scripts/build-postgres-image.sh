#!/usr/bin/env bash
# Builds a PostgreSQL container image from Debian packages, for machines that reach a Debian mirror but no image registry.
# The image behaves like the official `postgres` image as far as Palindrome and Testcontainers rely on it: the variables
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD and PGDATA, scripts in
# /docker-entrypoint-initdb.d, flags after the image name, and no TCP port before the database is complete.
#
#   scripts/build-postgres-image.sh                         postgres 15 (bookworm) as palindrome-postgres:15
#   scripts/build-postgres-image.sh --suite trixie          postgres 17 as palindrome-postgres:17
#   scripts/build-postgres-image.sh --tag NAME:TAG --mirror URL
#
# Needs root, debootstrap and a running Docker daemon. Exit code 0: the image is there.
set -euo pipefail

suite=bookworm
tag=
mirror=http://deb.debian.org/debian

while [ $# -gt 0 ]; do
  case "$1" in
    --suite) suite=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    --mirror) mirror=$2; shift 2 ;;
    -h | --help) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "build-postgres-image: unknown argument $1 (see --help)" >&2; exit 2 ;;
  esac
done

if [ "$(id -u)" -ne 0 ]; then
  echo 'build-postgres-image: debootstrap needs root; run it with sudo' >&2
  exit 2
fi
for tool in debootstrap docker; do
  command -v "$tool" > /dev/null || { echo "build-postgres-image: $tool is missing; apt-get install debootstrap docker.io" >&2; exit 2; }
done
docker info > /dev/null 2>&1 || { echo 'build-postgres-image: the Docker daemon does not answer; start dockerd' >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/palindrome-image.XXXXXX")
# A failed debootstrap can leave mounts in the tree: removing through them would reach the host.
cleanup() {
  for mount in proc sys dev/pts dev; do
    if mountpoint -q "$work/root/$mount"; then umount "$work/root/$mount" || return; fi
  done
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT

echo "build-postgres-image: fetching Debian $suite from $mirror"
if ! debootstrap --variant=minbase --include=postgresql "$suite" "$work/root" "$mirror" > "$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  exit 1
fi

binaries=$(echo "$work"/root/usr/lib/postgresql/*/bin)
major=$(basename "$(dirname "$binaries")")
tag=${tag:-palindrome-postgres:$major}

# The package makes a cluster of its own; the entrypoint makes another where PGDATA says.
rm -rf "$work/root/var/lib/postgresql/$major" "$work/root/etc/postgresql/$major" "$work/root/var/cache/apt" \
  "$work/root/var/lib/apt/lists" "$work/root/usr/share/doc" "$work/root/usr/share/man" "$work/root/usr/share/locale"
mkdir -p "$work/root/docker-entrypoint-initdb.d" "$work/root/var/cache/apt/archives/partial" "$work/root/var/lib/apt/lists/partial"
install -d -m 3777 "$work/root/run/postgresql"
install -m 0755 "$(dirname "$0")/postgres-entrypoint.sh" "$work/root/usr/local/bin/docker-entrypoint.sh"

tar -C "$work/root" --one-file-system --exclude=./proc/* --exclude=./sys/* --exclude=./dev/* -cf - . | docker import \
  --change "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/lib/postgresql/$major/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
  --change "ENV PG_MAJOR=$major" \
  --change 'ENV PGDATA=/var/lib/postgresql/data' \
  --change 'ENV LANG=C.UTF-8' \
  --change 'ENTRYPOINT ["docker-entrypoint.sh"]' \
  --change 'CMD ["postgres"]' \
  --change 'EXPOSE 5432' \
  - "$tag" > /dev/null

echo "build-postgres-image: $tag is ready ($(docker run --rm "$tag" postgres --version))"
