#!/bin/sh
# The entrypoint of the image that build-postgres-image.sh makes: creates the database on the first start, then becomes the server.
set -eu

case "${1-}" in
  '' | -*) set -- postgres "$@" ;;
esac

if [ "$1" != postgres ]; then exec "$@"; fi
for argument in "$@"; do
  case "$argument" in --version | -V | --help | -\? | --describe-config | -C) exec "$@" ;; esac
done

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  chmod 0700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  database=${POSTGRES_DB:-$user}
  hosts=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "${POSTGRES_PASSWORD-}" ] && [ "$hosts" != trust ]; then
    echo 'POSTGRES_PASSWORD is empty; set it, or set POSTGRES_HOST_AUTH_METHOD=trust' >&2
    exit 1
  fi

  passwords=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:-unused}" > "$passwords"
  # shellcheck disable=SC2086 # the variable is a list of flags
  initdb --username="$user" --pwfile="$passwords" --auth-local=trust --auth-host="$hosts" ${POSTGRES_INITDB_ARGS-}
  rm -f "$passwords"
  echo "host all all all $hosts" >> "$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"

  # Without a TCP port, so that nobody who waits for one is let in before the database is complete.
  pg_ctl --silent --wait --options="-c listen_addresses=''" start
  if [ "$database" != postgres ]; then
    printf 'CREATE DATABASE :"name";\n' | psql --no-psqlrc -v ON_ERROR_STOP=1 -v name="$database" --username="$user" --dbname=postgres
  fi
  for script in /docker-entrypoint-initdb.d/*; do
    case "$script" in
      *.sh) sh "$script" ;;
      *.sql) psql --no-psqlrc -v ON_ERROR_STOP=1 --username="$user" --dbname="$database" --file="$script" ;;
    esac
  done
  pg_ctl --silent --wait --mode=fast stop
  echo 'PostgreSQL init process complete; ready for start up.'
fi

exec "$@"
