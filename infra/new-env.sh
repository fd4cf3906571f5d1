#!/bin/sh
# Makes the keys and passwords that infra/compose.yaml wants, in infra/.env. Never overwrites one: whoever loses CREDENTIALS_KEY
# has to register every sender again.
set -eu
umask 077
file=$(dirname "$0")/.env
if [ -e "$file" ]; then
  echo "$file is there already. Keep it: its keys seal what is in Redis." >&2
  exit 1
fi

key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }
password() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

cat > "$file" <<END
CREDENTIALS_KEY=$(key)
TOKEN_KEY=$(key)
BOARD_SESSION_KEY=$(key)
REDIS_PASSWORD=$(password)
GRAFANA_PASSWORD=$(password)

# Who may log in to the board: '<name>:<hash>', separated by commas, in single quotes, for there are \$ in it. A hash is made by
#   docker compose --file infra/compose.yaml run --rm --no-deps --entrypoint node board dist/hash-password.js
BOARD_USERS=
END
echo "Made $file. Keep a copy of it in a safe place."
