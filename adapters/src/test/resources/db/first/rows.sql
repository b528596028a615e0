INSERT INTO log_identity (epoch, genesis, created_at)
    VALUES ('62g3go8aeo', X'327e1ace09ba20568996341287c79332e62bdded7169c19b9be35cbe82c708b8', 1795552685726000);

INSERT INTO partition_head (partition, position, chain, recorded_at)
    VALUES (0, 3, X'6c490cce3b966e2b22105731cdaa44cc1919c7e0c1ecfd2a9c9cc9c2554cb66a', 1795341600000000);

INSERT INTO subject_key (tenant, subject, key_id, wrapped, created_at)
    VALUES ('acme', 'account/a-1', '01a202b2-c500-701b-9902-d5439b3c42ec', X'013786f228c8b7148567fd03217870a003346f51aa57652a5d7a200c5edbe7dadd50838275fdb313b44c94382984532bb1d5159dfa9410a8823f720e1a', 1795341600000000);

INSERT INTO blob (tenant, address, part, subject, key_id, sealed)
    VALUES ('acme', 'f970241d6107061411df88a8c66d6596c50895d0f9078ff0ca298777d0ee46e3', 0, 'account/a-1', '01a202b2-c500-701b-9902-d5439b3c42ec', X'01fb5e971c037ff723a4912826308d0ae3eaa69a428f49055cdad7c580c442c55de3fded31');

INSERT INTO event (partition, position, tenant, stream_type, stream_id, version, event_id, type, schema_version, subject, key_id, metadata, payload, recorded_at, occurred_at, digest, chain)
    VALUES (0, 1, 'acme', 'account', 'a-1', 1, X'01a202b2c5007c14a24ed97a4c088126', 'account.paid_in', 1, 'account/a-1', X'01a202b2c500701b9902d5439b3c42ec', X'7b22636f7272656c6174696f6e223a22636f72722d31222c226163746f72223a22746573746572227d', X'01b28ecacb3277c51400009391e2aa38660e727866ade19e82c34abfbc597db3a70d00510b85379ee8', 1795341600000000, 1795341600000000, X'f2f850afd45d565b6fc9b606e3ef6b8fb2a601412120b8eee16d8c25c2726de0', X'45ff534a68527d7e7676568d063c3e26a37ffeea0535e0e595991766c7a9fbaf');

INSERT INTO event (partition, position, tenant, stream_type, stream_id, version, event_id, type, schema_version, subject, key_id, metadata, payload, recorded_at, occurred_at, digest, chain)
    VALUES (0, 2, 'acme', 'account', 'a-1', 2, X'01a202b2c5007a7faca909ab9a9e664a', 'account.paid_in', 1, 'account/a-1', X'01a202b2c500701b9902d5439b3c42ec', X'7b22636f7272656c6174696f6e223a22636f72722d31222c226163746f72223a22746573746572227d', X'013b6819f48e79811624438146e47b70f9c282635a37d13a6f37b47efd24b6bb50f031937d0732127b', 1795341600000000, 1795341600000000, X'7e3dbedc042c59ce911b24d7ddd66981a1111a7b69ab1e1f7a5631200c9886ca', X'8c970e373615f505b87d185187214a5fc82b0fc57e4820e2bda4fc6bf76e47d4');

INSERT INTO event (partition, position, tenant, stream_type, stream_id, version, event_id, type, schema_version, subject, key_id, metadata, payload, recorded_at, occurred_at, digest, chain)
    VALUES (0, 3, 'acme', 'account', 'a-1', 3, X'01a202b2c5007a5e87c347f210f2422d', 'account.paid_in', 1, 'account/a-1', X'01a202b2c500701b9902d5439b3c42ec', X'7b22636f7272656c6174696f6e223a22636f72722d31222c226163746f72223a22746573746572227d', X'0185795b6d90d793e1f9da5d10d295393ff519df9c401c1ca964dfcc1fcf5321a0e93be906b754768b', 1795341600000000, 1795341600000000, X'c3abfc1f0179fd86f616b196a699f3d6a0c9a30f6d2d8aaece126825bcbb3ae7', X'6c490cce3b966e2b22105731cdaa44cc1919c7e0c1ecfd2a9c9cc9c2554cb66a');
