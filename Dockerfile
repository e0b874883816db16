# Two stages: the first has what builds a wheel, the second only what runs it.

ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /source
# The locks first: a change of the code alone installs nothing anew.
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes -r requirements/build.txt \
 && python -m venv /opt/inboxwatch \
 && /opt/inboxwatch/bin/pip install --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY config config
COPY src src
RUN /opt/build/bin/pip wheel --no-deps --no-index --no-build-isolation --wheel-dir /wheel . \
 && /opt/inboxwatch/bin/pip install --no-deps --no-index /wheel/*.whl \
 && /opt/inboxwatch/bin/python -m compileall -q /opt/inboxwatch/lib \
 && /opt/inboxwatch/bin/pip uninstall --yes pip

FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.title="inboxwatch" \
      org.opencontainers.image.description="Shows which emails to the council never got a human reply" \
      org.opencontainers.image.licenses="MIT"
# A fixed number, so that a volume's owner stays right when the image changes.
RUN groupadd --gid 10001 inboxwatch \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home \
      --shell /usr/sbin/nologin inboxwatch \
 && install --directory --owner=inboxwatch --group=inboxwatch --mode=0700 /config /data
COPY --from=build /opt/inboxwatch /opt/inboxwatch
ENV PATH=/opt/inboxwatch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME ["/config", "/data"]
STOPSIGNAL SIGTERM
# Reads the health file that the service writes; asks no server.
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 \
  CMD ["inboxwatch", "doctor", "--health"]
ENTRYPOINT ["inboxwatch"]
CMD ["run"]
