#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Validate reports against their JSON Schema.

usage: validate.py [--closed] SCHEMA REPORT...
       validate.py [--closed] --def NAME SCHEMA ROWS...

The second form validates each line of ndjson files against $defs/NAME of the schema. --closed also refuses
keys that the schema does not describe: readers must bear them, but our own output must not have any.

Exit status: 0 valid, 1 not valid (the first error of each file, in one line), 2 wrong usage.
"""
import argparse
import json
import sys

import jsonschema


class Invalid(Exception):
    pass


def unique_keys(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise Invalid(f"key {key!r} twice in one object")
    return dict(pairs)


def no_constant(name):
    raise Invalid(f"{name} is not JSON")


def load(text):
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=unique_keys, parse_constant=no_constant)
    except UnicodeDecodeError as error:
        raise Invalid(f"not UTF-8: {error}") from None
    except json.JSONDecodeError as error:
        raise Invalid(f"not JSON: {error}") from None


def close(schema):
    """Refuse unknown keys in each object whose keys the schema lists."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            close(value)
    elif isinstance(schema, list):
        for value in schema:
            close(value)


def check(validator, value):
    errors = sorted(validator.iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path])
    if errors:
        path = "".join(f"[{part!r}]" for part in errors[0].absolute_path)
        message = errors[0].message
        if len(message) > 200:
            message = message[:97] + " ... " + message[-98:]
        raise Invalid(f"{path or 'top'}: {message}")


def check_file(validator, path, rows):
    with open(path, "rb") as file:
        if not rows:
            check(validator, load(file.read()))
            return
        for number, line in enumerate(file, 1):
            try:
                if not line.endswith(b"\n"):
                    raise Invalid("no line feed at the end")
                check(validator, load(line))
            except Invalid as error:
                raise Invalid(f"line {number}: {error}") from None


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--closed", action="store_true")
    parser.add_argument("--def", dest="name")
    parser.add_argument("schema")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    with open(options.schema, "rb") as file:
        schema = load(file.read())
    jsonschema.Draft202012Validator.check_schema(schema)
    if options.closed:
        close(schema)
    if options.name is not None:
        if options.name not in schema["$defs"]:
            parser.error(f"no $defs/{options.name} in the schema")
        schema = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{options.name}"}
    validator = jsonschema.Draft202012Validator(schema)
    invalid = 0
    for path in options.files:
        try:
            check_file(validator, path, rows=options.name is not None)
        except (Invalid, OSError) as error:
            print(f"{path}: {error}".replace("\n", " "))
            invalid += 1
    return 1 if invalid else 0


if __name__ == "__main__":
    sys.exit(main())
