# AudioGroove with all that it needs to compose, to be heard and to be seen. From this folder:
#
#   docker build --tag audiogroove .
#   podman build --format docker --tag audiogroove .    (podman's own format has no health check)
#
# Without an engine and without a registry, as root on any Debian:
#
#   debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm base
#   tar --create --file=base.tar --directory=base .
#   base=$(buildah from scratch) && buildah add "$base" base.tar /
#   buildah config --env PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "$base"
#   buildah commit "$base" localhost/python
#   buildah bud --isolation chroot --format docker --build-arg PYTHON_IMAGE=localhost/python \
#     --tag audiogroove .
#
# Another base with Python 3.11 or newer and Debian's packages: --build-arg PYTHON_IMAGE=…
# More packages, see below: --build-arg MORE="av>=18,<19"
ARG PYTHON_IMAGE=python:3.11-slim-bookworm


FROM ${PYTHON_IMAGE} AS packages

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python3 -m venv /venv
ENV PATH=/venv/bin:$PATH

# As in the Makefile: torch from PyTorch's index, all others by hash; what only tests need stays out.
WORKDIR /requirements
COPY requirements/torch-cpu.txt ./
RUN pip install --no-deps -r torch-cpu.txt
COPY requirements/run.txt ./
RUN pip install --require-hashes --no-deps -r run.txt && pip check

# Not in the usual image: "av>=18,<19" for films (the x264 in it is GPL, and so would be the image),
# "psycopg[binary]>=3.3" for PostgreSQL. Several may be named, with spaces between them; whoever
# names them says which versions.
ARG MORE=""
# hadolint ignore=DL3013
RUN for package in $MORE; do pip install "$package" || exit 1; done

# 220 MB that nobody runs here: torch's tests and headers, the scores that come with music21, and a
# second SoundFont. Without -f: should a new version keep them elsewhere, the build says so.
RUN rm -r /venv/lib/python3*/site-packages/torch/include \
          /venv/lib/python3*/site-packages/torch/share \
          /venv/lib/python3*/site-packages/torch/test \
          /venv/lib/python3*/site-packages/music21/corpus/*/ \
          /venv/lib/python3*/site-packages/pretty_midi/TimGM6mb.sf2

# Compiled here, for whoever runs it cannot write there.
WORKDIR /app
COPY LICENSE ./
COPY audiogroove audiogroove
COPY bots bots
RUN python -m compileall -q .


FROM ${PYTHON_IMAGE}

# libfluidsynth3 wants a General MIDI SoundFont, whichever: this one is MIT, and the better one.
# Versions are those of the Debian release; its mirrors drop a version as soon as it is mended.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libfluidsynth3 \
        musescore-general-soundfont-small \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin audiogroove \
    && install --directory --owner=audiogroove --group=audiogroove /data

# The large layer first: a new version of AudioGroove alone is the small one.
COPY --from=packages /venv /venv
COPY --from=packages /app /app

# Modules come from /app alone, never from the folder in which it is started.
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    AUDIOGROOVE_DATABASE_URL=sqlite+aiosqlite:////data/audiogroove.db \
    AUDIOGROOVE_LOG_FORMAT=json \
    AUDIOGROOVE_WEB_HOST=0.0.0.0 \
    AUDIOGROOVE_WEB_PORT=8080

# What is compiled at the first start is kept in /data/.cache, for the next one.
# By number, so that a host can see that it is not root. All state is in /data.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080

# Stopping takes AUDIOGROOVE_GRACE_S and a moment; engines kill after 10 s unless told otherwise:
# docker run --stop-timeout 60
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=15s --timeout=5s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import os; from urllib.request import urlopen; urlopen('http://127.0.0.1:' + os.environ['AUDIOGROOVE_WEB_PORT'] + '/healthz', timeout=4)"]

CMD ["python", "-m", "bots"]
