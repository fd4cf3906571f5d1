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
REDIS_OPERATOR_PASSWORD=$(password)
GRAFANA_PASSWORD=$(password)

# Who may log in to the board: '<name>:<hash>', separated by commas, in single quotes, for there are \$ in it. A hash is made by
#   docker compose --file infra/compose.yaml run --rm --no-deps --entrypoint node board dist/hash-password.js
BOARD_USERS=

# As whom \`ott send\`, \`ott load\` and \`ott token\` call the API, and the sandbox's page asks it: \`ott client create\` makes one.
OTT_CLIENT_ID=
OTT_CLIENT_SECRET=
END
# Where `ott load` finds its files: a folder of whoever runs this.
mkdir -p "$(dirname "$0")/work"
echo "Made $file. Keep a copy of it in a safe place."
