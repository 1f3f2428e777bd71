SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.assignment (
    id text NOT NULL COLLATE pg_catalog."C",
    task_id text NOT NULL COLLATE pg_catalog."C",
    instance_id text NOT NULL COLLATE pg_catalog."C",
    instance_name text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    created bigint NOT NULL,
    window_end bigint NOT NULL,
    deadline bigint NOT NULL,
    blocking integer NOT NULL,
    resume_state text COLLATE pg_catalog."C",
    life text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    state_since bigint NOT NULL,
    running_since bigint NOT NULL,
    declared_bytes bigint NOT NULL,
    engine text NOT NULL COLLATE pg_catalog."C",
    note text NOT NULL COLLATE pg_catalog."C",
    stop_wanted bigint NOT NULL
);
CREATE TABLE public.copied_blob (
    blob_key text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    bytes bigint NOT NULL
);
CREATE TABLE public.flyway_schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
CREATE TABLE public.history (
    assignment_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    at bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.instance (
    id text NOT NULL COLLATE pg_catalog."C",
    service text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    properties text NOT NULL COLLATE pg_catalog."C",
    labels text NOT NULL COLLATE pg_catalog."C",
    unable text NOT NULL COLLATE pg_catalog."C",
    unable_code text NOT NULL COLLATE pg_catalog."C",
    life text NOT NULL COLLATE pg_catalog."C",
    reports integer NOT NULL,
    lacks text NOT NULL COLLATE pg_catalog."C",
    unsure text NOT NULL COLLATE pg_catalog."C",
    max_seconds integer NOT NULL,
    trust_wanted bigint NOT NULL,
    first_seen bigint NOT NULL,
    last_seen bigint NOT NULL,
    link text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    host text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.leftover (
    blob_key text NOT NULL COLLATE pg_catalog."C",
    due bigint NOT NULL
);
CREATE TABLE public.oldest_server (
    schema_version bigint NOT NULL
);
CREATE TABLE public.recording (
    id text NOT NULL COLLATE pg_catalog."C",
    origin text NOT NULL COLLATE pg_catalog."C",
    task_id text NOT NULL COLLATE pg_catalog."C",
    service text NOT NULL COLLATE pg_catalog."C",
    instance text NOT NULL COLLATE pg_catalog."C",
    labels text NOT NULL COLLATE pg_catalog."C",
    from_time bigint NOT NULL,
    to_time bigint NOT NULL,
    bytes_key text NOT NULL COLLATE pg_catalog."C",
    profile_key text NOT NULL COLLATE pg_catalog."C",
    bytes bigint NOT NULL,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    lease bigint NOT NULL,
    reason text NOT NULL COLLATE pg_catalog."C",
    state_since bigint NOT NULL,
    profile_bytes bigint NOT NULL,
    stored bigint NOT NULL,
    kept_until bigint NOT NULL
);
CREATE TABLE public.recording_history (
    recording_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    at bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.server (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    version text NOT NULL COLLATE pg_catalog."C",
    http_address text NOT NULL COLLATE pg_catalog."C",
    agent_address text NOT NULL COLLATE pg_catalog."C",
    settings text NOT NULL COLLATE pg_catalog."C",
    clock_ahead bigint NOT NULL,
    started bigint NOT NULL,
    heard bigint NOT NULL
);
CREATE TABLE public.task (
    id text NOT NULL COLLATE pg_catalog."C",
    service text NOT NULL COLLATE pg_catalog."C",
    duration_seconds bigint NOT NULL,
    events text NOT NULL COLLATE pg_catalog."C",
    options text NOT NULL COLLATE pg_catalog."C",
    options_text text COLLATE pg_catalog."C",
    instances text NOT NULL COLLATE pg_catalog."C",
    created bigint NOT NULL
);
CREATE TABLE public.upload (
    assignment_id text NOT NULL COLLATE pg_catalog."C",
    blob_key text NOT NULL COLLATE pg_catalog."C",
    declared_bytes bigint NOT NULL,
    received_bytes bigint NOT NULL,
    kept_bytes bigint NOT NULL,
    token text NOT NULL COLLATE pg_catalog."C",
    hash_state text NOT NULL COLLATE pg_catalog."C",
    owner text NOT NULL COLLATE pg_catalog."C",
    lease bigint NOT NULL
);
INSERT INTO public.assignment VALUES ('as-ready', 't-ready', 'i-ready', 'ready', 'OFFERED', 1, 10, 20, 30, 1, NULL, '', '', 11, 0, 0, '', '', 0);
INSERT INTO public.assignment VALUES ('as-stored', 't-stored', 'i-stored', 'stored', 'OFFERED', 1, 10, 20, 30, 1, NULL, '', '', 11, 0, 0, '', '', 0);
INSERT INTO public.assignment VALUES ('as-unreadable', 't-unreadable', 'i-unreadable', 'unreadable', 'OFFERED', 1, 10, 20, 30, 1, NULL, '', '', 11, 0, 0, '', '', 0);
INSERT INTO public.assignment VALUES ('as-running', 't-running', 'i-running', 'running', 'OFFERED', 1, 10, 20, 30, 1, NULL, '', '', 11, 0, 0, '', '', 0);
INSERT INTO public.flyway_schema_history VALUES (1, '012', 'as sqlite', 'SQL', 'V012__as_sqlite.sql', -1003164402, 'postgres', '2026-11-26 08:00:11.213301', 189, true);
INSERT INTO public.flyway_schema_history VALUES (2, '020', 'oldest server', 'SQL', 'V020__oldest_server.sql', -884354413, 'postgres', '2026-11-26 08:00:11.534266', 35, true);
INSERT INTO public.flyway_schema_history VALUES (3, '030', 'uploads', 'SQL', 'V030__uploads.sql', -2147105770, 'postgres', '2026-11-26 08:00:11.637356', 63, true);
INSERT INTO public.flyway_schema_history VALUES (4, '040', 'links', 'SQL', 'V040__links.sql', 1012071804, 'postgres', '2026-11-26 08:00:11.795472', 70, true);
INSERT INTO public.flyway_schema_history VALUES (5, '050', 'servers', 'SQL', 'V050__servers.sql', -99134995, 'postgres', '2026-11-26 08:00:11.932748', 35, true);
INSERT INTO public.flyway_schema_history VALUES (6, '060', 'copied blobs', 'SQL', 'V060__copied_blobs.sql', 197191578, 'postgres', '2026-11-26 08:00:12.015431', 22, true);
INSERT INTO public.history VALUES ('as-ready', 0, 10, 'PENDING', '');
INSERT INTO public.history VALUES ('as-ready', 1, 11, 'OFFERED', '');
INSERT INTO public.history VALUES ('as-stored', 0, 10, 'PENDING', '');
INSERT INTO public.history VALUES ('as-stored', 1, 11, 'OFFERED', '');
INSERT INTO public.history VALUES ('as-unreadable', 0, 10, 'PENDING', '');
INSERT INTO public.history VALUES ('as-unreadable', 1, 11, 'OFFERED', '');
INSERT INTO public.history VALUES ('as-running', 0, 10, 'PENDING', '');
INSERT INTO public.history VALUES ('as-running', 1, 11, 'OFFERED', '');
INSERT INTO public.instance VALUES ('i-ready', 'shop', 'ready', 'host
ü\n1
', '', '', '', 'life', 1, '', '', 0, 0, 100, 200, '', '');
INSERT INTO public.instance VALUES ('i-stored', 'shop', 'stored', 'host
ü\n1
', '', '', '', 'life', 1, '', '', 0, 0, 100, 200, '', '');
INSERT INTO public.instance VALUES ('i-unreadable', 'shop', 'unreadable', 'host
ü\n1
', '', '', '', 'life', 1, '', '', 0, 0, 100, 200, '', '');
INSERT INTO public.instance VALUES ('i-running', 'shop', 'running', 'host
ü\n1
', '', '', '', 'life', 1, '', '', 0, 0, 100, 200, '', '');
INSERT INTO public.leftover VALUES ('files/gone/recording', 77);
INSERT INTO public.oldest_server VALUES (20);
INSERT INTO public.recording VALUES ('as-ready', 'ASSIGNMENT', 't-ready', 'shop', 'ready', 'zone
a\nb
', 1, 2, 'recordings/t-ready/as-ready.jfr', 'profiles/t-ready/as-ready.dlp', 54, '7d810e487ad3b57351a14701a20cf922c6931bc58e2ebba618724eb9076c7138', 'READY', 2, 0, '', 7, 9, 5, 9223372036854775807);
INSERT INTO public.recording VALUES ('as-stored', 'ASSIGNMENT', 't-stored', 'shop', 'stored', 'zone
a\nb
', 1, 2, 'recordings/t-stored/as-stored.jfr', 'profiles/t-stored/as-stored.dlp', 57, '40483d2cccc1380ceb8797b3e8351bb6c95f5e93e8aa330e5b7aba85a041f8e8', 'STORED', 0, 0, '', 5, 0, 5, 9223372036854775807);
INSERT INTO public.recording VALUES ('as-unreadable', 'ASSIGNMENT', 't-unreadable', 'shop', 'unreadable', 'zone
a\nb
', 1, 2, 'recordings/t-unreadable/as-unreadable.jfr', 'profiles/t-unreadable/as-unreadable.dlp', 69, 'ec8162abb2558dbcf8646432fcd7150fe0fa8ed2a7bb5bd09b2be4c672d0cb9e', 'UNREADABLE', 2, 0, 'no JFR', 7, 0, 5, 9223372036854775807);
INSERT INTO public.recording VALUES ('file', 'OPENED_FILE', '', '', 'kept <b>.jfr', 'zone
a\nb
', 1, 2, 'files/file/recording', 'files/file/profile', 3, '', 'STORED', 0, 0, '', 5, 0, 5, 9223372036854775807);
INSERT INTO public.recording_history VALUES ('as-ready', 2, 7, 'READY', '');
INSERT INTO public.recording_history VALUES ('as-unreadable', 2, 7, 'UNREADABLE', 'no JFR');
INSERT INTO public.server VALUES ('server1', 'host', '0.1.0', 'host:12800', 'host:11800', 'data.kept
30d
', 3, 4, 5);
INSERT INTO public.task VALUES ('t-ready', 'shop', 10, 'cpu', 'interval
10ms
', NULL, 'ready
', 10);
INSERT INTO public.task VALUES ('t-stored', 'shop', 10, 'cpu', 'interval
10ms
', NULL, 'stored
', 10);
INSERT INTO public.task VALUES ('t-unreadable', 'shop', 10, 'cpu', 'interval
10ms
', NULL, 'unreadable
', 10);
INSERT INTO public.task VALUES ('t-running', 'shop', 10, 'cpu', 'interval
10ms
', NULL, 'running
', 10);
INSERT INTO public.upload VALUES ('as-running', 'recordings/t-running/as-running.jfr', 100, 10, 5, '5,1', 'state', 'server1', 50);
ALTER TABLE ONLY public.assignment
    ADD CONSTRAINT assignment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.copied_blob
    ADD CONSTRAINT copied_blob_pkey PRIMARY KEY (blob_key);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
ALTER TABLE ONLY public.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (assignment_id, version);
ALTER TABLE ONLY public.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.instance
    ADD CONSTRAINT instance_service_name_key UNIQUE (service, name);
ALTER TABLE ONLY public.leftover
    ADD CONSTRAINT leftover_pkey PRIMARY KEY (blob_key);
ALTER TABLE ONLY public.recording_history
    ADD CONSTRAINT recording_history_pkey PRIMARY KEY (recording_id, version);
ALTER TABLE ONLY public.recording
    ADD CONSTRAINT recording_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.server
    ADD CONSTRAINT server_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (assignment_id);
CREATE INDEX assignment_by_instance ON public.assignment USING btree (instance_id, created);
CREATE INDEX assignment_by_state ON public.assignment USING btree (state, deadline);
CREATE INDEX assignment_by_task ON public.assignment USING btree (task_id);
CREATE UNIQUE INDEX assignment_holds_instance ON public.assignment USING btree (instance_id) WHERE (blocking = 1);
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
CREATE INDEX instance_by_host ON public.instance USING btree (host) WHERE (host <> ''::text);
CREATE INDEX instance_by_link ON public.instance USING btree (link) WHERE (link <> ''::text);
CREATE INDEX instance_by_trust ON public.instance USING btree (trust_wanted) WHERE (trust_wanted > 0);
CREATE INDEX recording_by_kept ON public.recording USING btree (kept_until);
CREATE INDEX recording_by_origin ON public.recording USING btree (origin, stored);
CREATE UNIQUE INDEX recording_by_profile ON public.recording USING btree (profile_key);
CREATE INDEX recording_by_state ON public.recording USING btree (state, lease);
CREATE INDEX recording_by_task ON public.recording USING btree (task_id);
CREATE INDEX task_by_created ON public.task USING btree (created);
CREATE INDEX task_by_service ON public.task USING btree (service, created);
CREATE INDEX upload_by_lease ON public.upload USING btree (lease);
ALTER TABLE ONLY public.assignment
    ADD CONSTRAINT assignment_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES public.instance(id);
ALTER TABLE ONLY public.assignment
    ADD CONSTRAINT assignment_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.history
    ADD CONSTRAINT history_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES public.assignment(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.recording_history
    ADD CONSTRAINT recording_history_recording_id_fkey FOREIGN KEY (recording_id) REFERENCES public.recording(id) ON DELETE CASCADE;
