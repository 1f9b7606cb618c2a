"""The engine of jiesu: runs reviewed complaint procedures. No Flask, no HTML, no passwords in here."""
