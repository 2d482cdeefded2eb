"""The sub-commands of `yiwang`: one module each, with `name`, `help`, `arguments` and `run`."""
