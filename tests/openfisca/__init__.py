"""Five benefits of the law in OpenFisca, written from the fact sheet: a second opinion."""
