INSERT INTO people (id, name, email, phone, handle, crm_url) VALUES
    ('1', 'Susan Red', 'susan.red@example.com', '+44 20 7946 0101', '@susanred', 'https://crm.example/people/1'),
    ('2', 'John Smith', 'john.smith@example.com', '+44 20 7946 0102', '', 'https://crm.example/people/2'),
    ('3', 'Émile Noir', 'emile.noir@example.com', '', '@emile_noir', 'https://crm.example/people/3'),
    ('4', 'Nora O''Brien', 'nora@example.com', '+353 1 555 0104', '', 'https://crm.example/people/4'),
    ('5', 'Agnes Smithers', 'agnes@example.com', '', '', 'https://crm.example/people/5'),
    ('6', 'Lars Åberg', '', '', '@larsaberg', '');

INSERT INTO orders (person, ordered_at, title, cents) VALUES
    ('1', 1779357600, 'Red umbrella, large', 3450),
    ('1', 1776765600, 'Raincoat', 12900),
    ('1', 1766397600, 'Gift card', 5000),
    ('2', 1778148000, 'Garden set for eight, with delivery and assembly', 1099900),
    ('2', 1775037600, 'Refund: lamp', -4999),
    ('3', 1774605600, 'Parapluie noir', 30000);

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
