BEGIN TRANSACTION;
CREATE TABLE access_names (
	id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	username VARCHAR(64) NOT NULL, 
	telegram_user_id BIGINT NOT NULL, 
	bound_at BIGINT NOT NULL, 
	CONSTRAINT pk_access_names PRIMARY KEY (id), 
	CONSTRAINT uq_access_names_kind UNIQUE (kind, username), 
	CONSTRAINT ck_access_names_kind CHECK (kind IN ('admin', 'allowed'))
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('002');
CREATE TABLE calendar_links (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	scope VARCHAR(32) NOT NULL, 
	roster_id INTEGER, 
	generation INTEGER NOT NULL, 
	token_sha256 VARCHAR(64) NOT NULL, 
	created_at BIGINT NOT NULL, 
	last_read_at BIGINT, 
	last_read_by VARCHAR(200), 
	revoked_at BIGINT, 
	CONSTRAINT pk_calendar_links PRIMARY KEY (id), 
	CONSTRAINT fk_calendar_links_roster_id_rosters FOREIGN KEY(roster_id) REFERENCES rosters (id), 
	CONSTRAINT fk_calendar_links_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_calendar_links_token_sha256 UNIQUE (token_sha256), 
	CONSTRAINT ck_calendar_links_scope CHECK (scope IN ('personal', 'team'))
);
CREATE TABLE "chats" (
	id BIGINT NOT NULL, 
	title VARCHAR(255) NOT NULL, 
	language VARCHAR(8), 
	trusted BOOLEAN NOT NULL, 
	trusted_by INTEGER, 
	digest VARCHAR(32) DEFAULT 'off' NOT NULL, 
	digest_thread_id INTEGER DEFAULT '0' NOT NULL, 
	left_at BIGINT, 
	CONSTRAINT pk_chats PRIMARY KEY (id), 
	CONSTRAINT fk_chats_trusted_by_users FOREIGN KEY(trusted_by) REFERENCES users (id), 
	CONSTRAINT ck_chats_digest CHECK (digest IN ('off', 'weekly', 'handover'))
);
CREATE TABLE dialogues (
	user_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	payload TEXT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	message_id INTEGER, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_dialogues PRIMARY KEY (user_id), 
	CONSTRAINT fk_dialogues_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE duties (
	roster_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	position VARCHAR(100), 
	start_at BIGINT NOT NULL, 
	end_at BIGINT NOT NULL, 
	event_type VARCHAR(32) NOT NULL, 
	note VARCHAR(500), 
	id INTEGER NOT NULL, 
	uid VARCHAR(64) NOT NULL, 
	sequence INTEGER NOT NULL, 
	updated_at BIGINT NOT NULL, 
	cancelled_at BIGINT, 
	CONSTRAINT pk_duties PRIMARY KEY (id), 
	CONSTRAINT ck_duties_span CHECK (end_at > start_at), 
	CONSTRAINT fk_duties_roster_id_rosters FOREIGN KEY(roster_id) REFERENCES rosters (id), 
	CONSTRAINT fk_duties_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_duties_uid UNIQUE (uid), 
	CONSTRAINT ck_duties_event_type CHECK (event_type IN ('duty', 'unavailable', 'vacation'))
);
INSERT INTO "duties" VALUES(1,2,'primary',1795503600,1795590000,'duty',NULL,1,'08eb922d5b7dec199739720988c8ac77',1,1795438800,NULL);
INSERT INTO "duties" VALUES(1,1,NULL,1795586400,1795672800,'duty','взять ключи',2,'4604ec686cefa6351b6f7498a7e1c41b',1,1795442400,1795442400);
INSERT INTO "duties" VALUES(1,1,NULL,1795986000,1796245200,'vacation',NULL,3,'b834e6f66218448db81d6589445fb3bb',1,1795442400,1795442400);
INSERT INTO "duties" VALUES(1,2,NULL,1796072400,1796245200,'unavailable',NULL,4,'59a3fdf97ada2871d347ebd364732183',0,1795435200,NULL);
INSERT INTO "duties" VALUES(1,3,NULL,1796450400,1796536800,'duty',NULL,5,'74e891db93382fbda31182ebf9c127ae',2,1795449600,NULL);
INSERT INTO "duties" VALUES(1,2,NULL,1795586400,1795672800,'duty',NULL,6,'dc4ca5e96249de4b593035edfb2c67ed',0,1795442400,NULL);
INSERT INTO "duties" VALUES(1,2,NULL,1796450400,1796536800,'duty',NULL,7,'2e2d36c1ffdca41a7224a3dc9aa51a5b',1,1795449600,1795449600);
CREATE TABLE group_pins (
	id INTEGER NOT NULL, 
	chat_id BIGINT NOT NULL, 
	thread_id INTEGER NOT NULL, 
	roster_id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	content_hash VARCHAR(64) NOT NULL, 
	failure VARCHAR(500), posting_at BIGINT, uncertain INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_group_pins PRIMARY KEY (id), 
	CONSTRAINT fk_group_pins_chat_id_chats FOREIGN KEY(chat_id) REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE, 
	CONSTRAINT fk_group_pins_roster_id_rosters FOREIGN KEY(roster_id) REFERENCES rosters (id), 
	CONSTRAINT uq_group_pins_chat_id UNIQUE (chat_id, thread_id, roster_id)
);
CREATE TABLE import_drafts (
	id INTEGER NOT NULL, 
	owner_id INTEGER NOT NULL, 
	roster_id INTEGER NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	chat_id BIGINT NOT NULL, 
	message_id INTEGER, 
	handover VARCHAR(80), 
	file_name VARCHAR(255), 
	content TEXT, 
	answers TEXT NOT NULL, 
	options TEXT NOT NULL, 
	revision INTEGER, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_import_drafts PRIMARY KEY (id), 
	CONSTRAINT fk_import_drafts_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_import_drafts_roster_id_rosters FOREIGN KEY(roster_id) REFERENCES rosters (id), 
	CONSTRAINT ck_import_drafts_stage CHECK (stage IN ('roster', 'handover', 'file', 'questions', 'preview'))
);
CREATE TABLE known_gaps (
	id INTEGER NOT NULL, 
	roster_id INTEGER NOT NULL, 
	start_at BIGINT NOT NULL, 
	end_at BIGINT NOT NULL, 
	found_at BIGINT NOT NULL, 
	CONSTRAINT pk_known_gaps PRIMARY KEY (id), 
	CONSTRAINT fk_known_gaps_roster_id_rosters FOREIGN KEY(roster_id) REFERENCES rosters (id) ON DELETE CASCADE, 
	CONSTRAINT uq_known_gaps_roster_id UNIQUE (roster_id, start_at)
);
CREATE TABLE notices (
	id INTEGER NOT NULL, 
	user_id INTEGER, 
	chat_id BIGINT, 
	thread_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	roster_id INTEGER, 
	payload TEXT NOT NULL, 
	dedupe_key VARCHAR(200) NOT NULL, 
	created_at BIGINT NOT NULL, 
	due_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	attempts INTEGER NOT NULL, 
	attempted_at BIGINT, 
	uncertain INTEGER NOT NULL, 
	closed_at BIGINT, 
	outcome VARCHAR(32), 
	last_error VARCHAR(500), 
	CONSTRAINT pk_notices PRIMARY KEY (id), 
	CONSTRAINT ck_notices_receiver CHECK ((user_id IS NULL) <> (chat_id IS NULL)), 
	CONSTRAINT fk_notices_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_notices_chat_id_chats FOREIGN KEY(chat_id) REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE, 
	CONSTRAINT fk_notices_roster_id_rosters FOREIGN KEY(roster_id) REFERENCES rosters (id), 
	CONSTRAINT uq_notices_dedupe_key UNIQUE (dedupe_key), 
	CONSTRAINT ck_notices_kind CHECK (kind IN ('starts', 'ends', 'changed', 'short_notice', 'gaps', 'unreachable', 'groups', 'people', 'digest')), 
	CONSTRAINT ck_notices_outcome CHECK (outcome IN ('sent', 'expired', 'withdrawn', 'refused'))
);
INSERT INTO "notices" VALUES(1,1,NULL,0,'changed',1,'{"gone": [], "new": [[null, 1795586400, 1795672800]], "by": [["Alice Admin", "ноябрь.xlsx", "import"]]}','change:1:1',1795435200,1795435320,1795672800,0,NULL,0,1795442400,'withdrawn',NULL);
INSERT INTO "notices" VALUES(2,2,NULL,0,'short_notice',1,'{"gone": [], "new": [["primary", 1795503600, 1795590000], [null, 1795586400, 1795672800]], "by": [["Alice Admin", "ноябрь.xlsx", "import"], ["Alice Admin", "moved.xlsx", "import"], ["Alice Admin", "given away.xlsx", "import"], ["Alice Admin", "Carol Csv → Dan Duty", "merge"], ["Alice Admin", "Carol Csv → Dan Duty", "undo"]]}','change:1:2',1795435200,1795449600,1795672800,0,NULL,0,NULL,NULL,NULL);
CREATE TABLE revisions (
	name VARCHAR(40) NOT NULL, 
	value INTEGER NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (name)
);
INSERT INTO "revisions" VALUES('people',5);
INSERT INTO "revisions" VALUES('rosters',1);
INSERT INTO "revisions" VALUES('schedule:1',5);
CREATE TABLE rosters (
	name VARCHAR(100) NOT NULL, 
	timezone VARCHAR(64) NOT NULL, 
	handover_at VARCHAR(5) NOT NULL, 
	id INTEGER NOT NULL, 
	day_shift VARCHAR(11) NOT NULL, 
	night_shift VARCHAR(11) NOT NULL, 
	codes TEXT NOT NULL, 
	file_answers TEXT NOT NULL, 
	date_order VARCHAR(3), 
	coverage VARCHAR(32) NOT NULL, 
	coverage_hours TEXT, 
	retired_at BIGINT, gap_warnings BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT pk_rosters PRIMARY KEY (id), 
	CONSTRAINT ck_rosters_coverage CHECK (coverage IN ('daily', 'always', 'weekly'))
);
INSERT INTO "rosters" VALUES('','Asia/Yekaterinburg','10:30',1,'07:00-19:00','20:00-08:00','{"д": "day", "б": "unavailable"}','{}','dmy','daily',NULL,NULL,1);
CREATE TABLE schedule_change_items (
	id INTEGER NOT NULL, 
	change_id INTEGER NOT NULL, 
	duty_uid VARCHAR(64) NOT NULL, 
	"before" TEXT, 
	"after" TEXT, 
	CONSTRAINT pk_schedule_change_items PRIMARY KEY (id), 
	CONSTRAINT fk_schedule_change_items_change_id_schedule_changes FOREIGN KEY(change_id) REFERENCES schedule_changes (id) ON DELETE CASCADE, 
	CONSTRAINT fk_schedule_change_items_duty_uid_duties FOREIGN KEY(duty_uid) REFERENCES duties (uid)
);
INSERT INTO "schedule_change_items" VALUES(1,1,'08eb922d5b7dec199739720988c8ac77',NULL,'[2,"primary",1795500000,1795586400,"duty",null]');
INSERT INTO "schedule_change_items" VALUES(2,1,'4604ec686cefa6351b6f7498a7e1c41b',NULL,'[1,null,1795586400,1795672800,"duty","взять ключи"]');
INSERT INTO "schedule_change_items" VALUES(3,1,'b834e6f66218448db81d6589445fb3bb',NULL,'[1,null,1795986000,1796245200,"vacation",null]');
INSERT INTO "schedule_change_items" VALUES(4,1,'59a3fdf97ada2871d347ebd364732183',NULL,'[2,null,1796072400,1796245200,"unavailable",null]');
INSERT INTO "schedule_change_items" VALUES(5,1,'74e891db93382fbda31182ebf9c127ae',NULL,'[3,null,1796450400,1796536800,"duty",null]');
INSERT INTO "schedule_change_items" VALUES(6,2,'08eb922d5b7dec199739720988c8ac77','[2,"primary",1795500000,1795586400,"duty",null]','[2,"primary",1795503600,1795590000,"duty",null]');
INSERT INTO "schedule_change_items" VALUES(7,3,'dc4ca5e96249de4b593035edfb2c67ed',NULL,'[2,null,1795586400,1795672800,"duty",null]');
INSERT INTO "schedule_change_items" VALUES(8,3,'4604ec686cefa6351b6f7498a7e1c41b','[1,null,1795586400,1795672800,"duty","взять ключи"]',NULL);
INSERT INTO "schedule_change_items" VALUES(9,3,'b834e6f66218448db81d6589445fb3bb','[1,null,1795986000,1796245200,"vacation",null]',NULL);
INSERT INTO "schedule_change_items" VALUES(10,4,'74e891db93382fbda31182ebf9c127ae','[3,null,1796450400,1796536800,"duty",null]',NULL);
INSERT INTO "schedule_change_items" VALUES(11,4,'2e2d36c1ffdca41a7224a3dc9aa51a5b',NULL,'[2,null,1796450400,1796536800,"duty",null]');
INSERT INTO "schedule_change_items" VALUES(12,5,'74e891db93382fbda31182ebf9c127ae',NULL,'[3,null,1796450400,1796536800,"duty",null]');
INSERT INTO "schedule_change_items" VALUES(13,5,'2e2d36c1ffdca41a7224a3dc9aa51a5b','[2,null,1796450400,1796536800,"duty",null]',NULL);
CREATE TABLE schedule_changes (
	id INTEGER NOT NULL, 
	roster_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	author_id INTEGER, 
	author_name VARCHAR(200) NOT NULL, 
	reason VARCHAR(500) NOT NULL, 
	revision INTEGER NOT NULL, 
	created_at BIGINT NOT NULL, 
	roster_before TEXT, 
	roster_after TEXT, 
	undoes_id INTEGER, part_of_id INTEGER, people_before TEXT, people_after TEXT, 
	CONSTRAINT pk_schedule_changes PRIMARY KEY (id), 
	CONSTRAINT fk_schedule_changes_author_id_users FOREIGN KEY(author_id) REFERENCES users (id), 
	CONSTRAINT fk_schedule_changes_roster_id_rosters FOREIGN KEY(roster_id) REFERENCES rosters (id), 
	CONSTRAINT fk_schedule_changes_undoes_id_schedule_changes FOREIGN KEY(undoes_id) REFERENCES schedule_changes (id), 
	CONSTRAINT ck_schedule_changes_kind CHECK (kind IN ('import', 'edit', 'cover', 'merge', 'undo'))
);
INSERT INTO "schedule_changes" VALUES(1,1,'import',1,'Alice Admin','ноябрь.xlsx',1,1795435200,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "schedule_changes" VALUES(2,1,'import',1,'Alice Admin','moved.xlsx',2,1795438800,'{"timezone": "Europe/Moscow", "handover_at": "09:00", "codes": "{}", "date_order": null, "day_shift": "08:00-20:00", "night_shift": "20:00-08:00", "coverage": "daily", "coverage_hours": null}','{"timezone": "Asia/Yekaterinburg", "handover_at": "10:30", "codes": "{\"д\": \"day\", \"б\": \"unavailable\"}", "date_order": "dmy", "day_shift": "07:00-19:00", "night_shift": "20:00-08:00", "coverage": "daily", "coverage_hours": null}',NULL,NULL,NULL,NULL);
INSERT INTO "schedule_changes" VALUES(3,1,'import',1,'Alice Admin','given away.xlsx',3,1795442400,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "schedule_changes" VALUES(4,1,'merge',1,'Alice Admin','Carol Csv → Dan Duty',4,1795446000,NULL,NULL,NULL,NULL,'{"users": {"3": {"is_active": true}}, "aliases": {"carol csv": null}}','{"users": {"3": {"is_active": false}}, "aliases": {"carol csv": 2}}');
INSERT INTO "schedule_changes" VALUES(5,1,'undo',1,'Alice Admin','Carol Csv → Dan Duty',5,1795449600,NULL,NULL,4,NULL,'{"users": {"3": {"is_active": false}}, "aliases": {"carol csv": 2}}','{"users": {"3": {"is_active": true}}, "aliases": {"carol csv": null}}');
CREATE TABLE user_aliases (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_user_aliases PRIMARY KEY (id), 
	CONSTRAINT fk_user_aliases_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_user_aliases_name_key UNIQUE (name_key)
);
CREATE TABLE users (
	full_name VARCHAR(200) NOT NULL, 
	username VARCHAR(64), 
	phone VARCHAR(40), 
	id INTEGER NOT NULL, 
	telegram_user_id BIGINT, 
	role VARCHAR(32) NOT NULL, 
	language VARCHAR(8), 
	language_code VARCHAR(16), 
	reminder_leads VARCHAR(64), 
	quiet_hours VARCHAR(16), 
	reachable BOOLEAN NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	linked_at BIGINT, 
	created_at BIGINT NOT NULL, notices_off VARCHAR(200) DEFAULT '' NOT NULL, unreachable_told_at BIGINT, invited_since BIGINT, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT ck_users_role CHECK (role IN ('admin', 'user'))
);
INSERT INTO "users" VALUES('Alice Admin','alice',NULL,1,1001,'user',NULL,'en',NULL,NULL,1,1,NULL,1795435200,'',NULL,NULL);
INSERT INTO "users" VALUES('Dan Duty','dan','+79001112233',2,1002,'user',NULL,'en',NULL,NULL,1,1,1795435200,1795435200,'',NULL,NULL);
INSERT INTO "users" VALUES('Carol Csv',NULL,NULL,3,NULL,'user',NULL,NULL,NULL,NULL,0,1,NULL,1795435200,'',NULL,NULL);
CREATE UNIQUE INDEX uq_users_telegram_user_id ON users (telegram_user_id);
CREATE INDEX ix_calendar_links_user_id ON calendar_links (user_id);
CREATE INDEX ix_duties_cancelled ON duties (cancelled_at) WHERE cancelled_at IS NOT NULL;
CREATE INDEX ix_duties_type_span ON duties (event_type, (end_at - start_at));
CREATE INDEX ix_duties_roster_start ON duties (roster_id, event_type, start_at);
CREATE INDEX ix_duties_user_start ON duties (user_id, start_at);
CREATE INDEX ix_schedule_changes_roster_id ON schedule_changes (roster_id);
CREATE INDEX ix_user_aliases_user_id ON user_aliases (user_id);
CREATE INDEX ix_schedule_change_items_change_id ON schedule_change_items (change_id);
CREATE INDEX ix_schedule_change_items_duty_uid ON schedule_change_items (duty_uid);
CREATE INDEX ix_import_drafts_owner_id ON import_drafts (owner_id);
CREATE INDEX ix_notices_open ON notices (due_at) WHERE closed_at IS NULL;
CREATE INDEX ix_notices_user_id ON notices (user_id);
COMMIT;
