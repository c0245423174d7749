-- Version 1. Times are ISO 8601 in UTC ("2026-11-01T00:00:00Z"), amounts are
-- USD a month, and an amount that is unknown is NULL.
CREATE TABLE report (
	number      INTEGER PRIMARY KEY,
	id          TEXT    NOT NULL UNIQUE, -- of name and period
	name        TEXT    NOT NULL,
	period_from TEXT    NOT NULL,
	period_to   TEXT    NOT NULL,        -- outside of the period
	made        TEXT    NOT NULL,
	revision    INTEGER NOT NULL,        -- how often this period was reported
	sha256      TEXT    NOT NULL,        -- of the whole report, with its rows
	data        TEXT    NOT NULL         -- the report's JSON
) STRICT;

CREATE INDEX report_name ON report (name, period_from);

CREATE TABLE cost (
	report     INTEGER NOT NULL REFERENCES report ON DELETE CASCADE,
	line       INTEGER NOT NULL,
	account    TEXT    NOT NULL,
	region     TEXT    NOT NULL,
	cluster    TEXT    NOT NULL,
	service    TEXT    NOT NULL,
	kind       TEXT    NOT NULL,
	cost_group TEXT    NOT NULL,
	tags       TEXT    NOT NULL,         -- a JSON object
	usd        REAL,
	PRIMARY KEY (report, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX cost_service ON cost (service, report);

CREATE TABLE recommendation (
	report         INTEGER NOT NULL REFERENCES report ON DELETE CASCADE,
	line           INTEGER NOT NULL,
	key            TEXT    NOT NULL,     -- the same in every report
	lever          TEXT    NOT NULL,
	account        TEXT    NOT NULL,
	region         TEXT    NOT NULL,
	cluster        TEXT    NOT NULL,
	kind           TEXT    NOT NULL,
	subject        TEXT    NOT NULL,
	tags           TEXT    NOT NULL,     -- a JSON object
	title          TEXT    NOT NULL,
	before_usd     REAL,
	after_usd      REAL,
	saving_p10_usd REAL,
	saving_p50_usd REAL,
	saving_p90_usd REAL,
	status         TEXT    NOT NULL,     -- open, applied, withdrawn
	PRIMARY KEY (report, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_key ON recommendation (key, report);
