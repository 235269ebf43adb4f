INSERT INTO people (id, name, email, crm_url) VALUES
    ('1', 'Susan Red', 'susan.red@example.com', 'https://crm.example/people/1'),
    ('2', 'John Smith', 'john.smith@example.com', 'https://crm.example/people/2'),
    ('3', 'Émile Noir', 'emile.noir@example.com', 'https://crm.example/people/3'),
    ('4', 'Nora O''Brien', 'nora@example.com', 'https://crm.example/people/4'),
    ('5', 'Agnes Smithers', 'agnes@example.com', 'https://crm.example/people/5'),
    ('6', 'Lars Åberg', '', '');

INSERT INTO sales (person, year, cents) VALUES
    ('1', 2024, 129900), ('1', 2025, 248050), ('1', 2026, 86000),
    ('2', 2025, 4999), ('2', 2026, 1234567),
    ('3', 2026, 30000),
    ('5', 2023, 75000);

INSERT INTO notes (person, written_at, text) VALUES
    ('1', 1762160400, 'Prefers to be called in the afternoon.'),
    ('1', 1769936400, 'Asked whether the red one comes in a larger size.'),
    ('2', 1772355600, 'Delivery was late twice; be kind.'),
    ('3', 1775034000, 'Préfère le français.');
