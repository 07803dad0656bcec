# The bot in a container. Settings come from the environment (see .env.example); what it keeps is in /data.
#   docker build -t rooms-bot .
#   docker run --env-file .env -v rooms-data:/data rooms-bot
# With the embedded model in it (ROOMS_MODEL=local): docker build --build-arg EMBEDDED_MODEL=1 -t rooms-bot .

FROM python:3.12-slim AS build
ARG EMBEDDED_MODEL=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/rooms
COPY requirements.lock requirements-local.lock ./
RUN /opt/rooms/bin/pip install --require-hashes -r requirements.lock
RUN if [ -n "$EMBEDDED_MODEL" ]; then \
        /opt/rooms/bin/pip install --no-deps --only-binary :all: --require-hashes -r requirements-local.lock; \
    fi
COPY pyproject.toml README.md LICENSE ./
COPY personas personas
COPY cogs cogs
COPY rooms_bot rooms_bot
RUN /opt/rooms/bin/python -m hatchling build --target wheel --directory /tmp/wheel \
    && /opt/rooms/bin/pip install --no-deps /tmp/wheel/*.whl

FROM python:3.12-slim
ARG EMBEDDED_MODEL=""
# llama.cpp computes with OpenMP, which the slim image lacks.
RUN if [ -n "$EMBEDDED_MODEL" ]; then \
        apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*; \
    fi
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin rooms \
    && install -d -o rooms -g rooms /data
COPY --from=build /opt/rooms /opt/rooms
ENV PATH="/opt/rooms/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ROOMS_DATA_DIR=/data
WORKDIR /data
USER rooms
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["rooms-bot", "health"]
ENTRYPOINT ["rooms-bot"]
CMD ["run"]
