# syntax=docker/dockerfile:1

FROM python:3.12-slim AS base
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app

# dependencies first: they change less often
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install -r requirements.txt

COPY --chown=1000:1000 . .
USER 1000:1000
EXPOSE 5000/tcp
HEALTHCHECK --interval=10s --timeout=2s --retries=5 \
  CMD curl -f http://localhost:5000/health || exit 1
CMD ["flask", "--app", "main", "run", "--host=0.0.0.0"]
