#!/usr/bin/env python3
"""Answers with the configuration: a service that needs nothing but the standard library."""
import http.server
import json
import pathlib

config = json.loads(pathlib.Path("/etc/status/config.json").read_text())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(config).encode())


http.server.HTTPServer(("127.0.0.1", config["port"]), Handler).serve_forever()
