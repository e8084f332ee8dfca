FROM python:3.13-slim

RUN useradd --create-home --uid 10001 regulars && install -d -o regulars /data
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY . .

ENV ENVIRONMENT=production DATA_DIR=/data HOST=0.0.0.0 PYTHONUNBUFFERED=1
USER regulars
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", 8000)}/health')"]
CMD ["sh", "-c", "flask --app wsgi db upgrade && exec gunicorn --config gunicorn.conf.py wsgi:app"]
