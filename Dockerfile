# The service as an image.  `docker build -t tro-giup .`; compose.yaml runs it beside PostgreSQL.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DATA_DIR=/data \
    WEB_HOST=0.0.0.0 \
    LOG_FORMAT=json

RUN useradd --system --uid 10001 --create-home trogiup \
    && install --directory --owner=trogiup --group=trogiup --mode=0750 /data

WORKDIR /app

# Every package is pinned with its hashes; the tools for development are pinned there too.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY LICENSE pyproject.toml ./
COPY bot ./bot
COPY handlers ./handlers
COPY models ./models
COPY locales ./locales

USER trogiup
VOLUME /data
EXPOSE 8080

HEALTHCHECK --start-period=30s --interval=30s --timeout=5s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
