"""The site of the course: its reading pages, and JupyterLite with the chapters alive.

    python -m tools.site.build -o build/site           reading pages
    python -m tools.site.lite build/site/live          the live chapters

`make site` does both. Of our derivations the pages know by `dlhand.site`; here the chapters are
run, written as HTML and framed.
"""
