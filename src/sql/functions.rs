//! Functions, procedures and packages that the engines document, and what a call of each does.
//!
//! Only what the manuals define is here: a function that the application's own schema defines is
//! a plain call. `harmless` functions compute from their arguments alone; they are listed because
//! a call of a documented function is evidence of SQL where a call of any word is not.

use super::token::hash;
use crate::Effects;

/// What a documented function does; `None` for a name that no manual has.
pub(crate) fn effects(word: u32) -> Option<Effects> {
    let mut slot = word as usize % SLOTS;
    loop {
        let (stored, effects) = TABLE[slot]?;
        if stored == word {
            return Some(effects);
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// Whether a name is a function that is called without parentheses (SQL:2016 §6.4, §6.31, MySQL
/// §14.7). `user` and `sysdate` aside, no prose has these words.
pub(crate) fn is_niladic(word: u32) -> bool {
    NILADIC.contains(&word)
}

const NILADIC: [u32; 12] = [
    hash(b"current_user"),
    hash(b"session_user"),
    hash(b"system_user"),
    hash(b"current_role"),
    hash(b"current_catalog"),
    hash(b"current_schema"),
    hash(b"current_date"),
    hash(b"current_time"),
    hash(b"current_timestamp"),
    hash(b"utc_date"),
    hash(b"utc_time"),
    hash(b"utc_timestamp"),
];

const NONE: Effects = Effects::empty();
const READS_FILE: Effects = Effects::READ.union(Effects::FILE);
const RUNS: Effects = Effects::EXECUTE;
const FETCHES: Effects = Effects::NETWORK.union(Effects::READ);

/// Sections of functions with the same effects.
const FUNCTIONS: &[(Effects, &[&str])] = &[
    // MySQL §14.24, PostgreSQL §9.9.5, Oracle DBMS_LOCK and DBMS_SESSION: wait.
    (Effects::DELAY, &["sleep", "pg_sleep", "pg_sleep_for", "pg_sleep_until", "dbms_lock", "dbms_session", "dbms_pipe"]),
    // MySQL §14.23: evaluate an expression many times; SQLite: a blob of any size; PostgreSQL: rows.
    (Effects::DELAY, &["benchmark", "randomblob", "zeroblob"]),
    (NONE, &["generate_series", "repeat", "replicate", "rpad", "lpad"]),
    // MySQL §14.15, PostgreSQL §9.27, SQL Server "System functions", Oracle SYS_CONTEXT, SQLite:
    // about the server, the session and the catalogue.
    (Effects::DISCLOSE, &[
        "version", "user", "database", "schema", "current_user", "session_user", "system_user", "current_database",
        "current_schema", "current_schemas", "connection_id", "last_insert_id", "last_insert_rowid", "changes", "total_changes", "row_count", "found_rows", "pg_backend_pid",
        "inet_server_addr", "inet_server_port", "inet_client_addr", "current_setting", "set_config", "pg_conf_load_time",
        "db_name", "db_id", "user_name", "user_id", "suser_name", "suser_sname", "suser_id", "suser_sid", "host_name",
        "app_name", "serverproperty", "databasepropertyex", "object_name", "object_id", "object_definition", "col_name",
        "is_srvrolemember", "is_member", "has_dbaccess", "is_rolemember", "sys_context", "userenv", "sqlite_version",
        "sqlite_source_id", "pg_current_logfile", "has_table_privilege", "has_database_privilege", "getdate_utc",
        "pg_postmaster_start_time", "roles_graphml", "current_role", "uid",
    ]),
    // Files: MySQL §14.8 LOAD_FILE, PostgreSQL §9.27.10 and large objects §33, SQL Server OPENROWSET
    // and xp_*, Oracle UTL_FILE, SQLite fileio and load_extension.
    (READS_FILE, &[
        "load_file", "pg_read_file", "pg_read_binary_file", "pg_ls_dir", "pg_stat_file", "pg_ls_logdir", "pg_ls_waldir",
        "lo_import", "lo_get", "loread", "xp_dirtree", "xp_fileexist", "xp_subdirs", "xp_availablemedia", "readfile", "utl_file",
        "bfilename", "dbms_lob", "fn_get_audit_file", "fn_trace_gettable", "fn_xe_file_target_read_file",
        "dbms_advisor", "dbms_xslprocessor",
    ]),
    (Effects::WRITE.union(Effects::FILE), &["lo_export", "lo_create", "lo_from_bytea", "lowrite", "lo_put", "writefile", "pg_file_write", "sp_makewebtask"]),
    // Other hosts: PostgreSQL dblink, SQL Server ad hoc sources, Oracle UTL_* and XML sources.
    (FETCHES, &[
        "dblink", "dblink_connect", "dblink_exec", "dblink_send_query", "openrowset", "opendatasource", "openquery", "utl_http", "utl_inaddr",
        "utl_tcp", "utl_smtp", "httpuritype", "dbms_ldap", "xmltype",
    ]),
    // Run text as code, programs, or loaded libraries.
    (RUNS, &[
        "xp_cmdshell", "xp_regread", "xp_regwrite", "xp_regdeletekey", "xp_servicecontrol", "xp_terminate_process", "xp_ntsec_enumdomains",
        "sp_executesql", "sp_oacreate", "sp_oamethod", "sp_configure", "sp_addextendedproc", "sp_execute_external_script",
        "sys_exec", "sys_eval", "load_extension", "query_to_xml", "table_to_xml", "database_to_xml", "cursor_to_xml", "xmlquery", "dbms_scheduler",
        "dbms_xmlgen", "dbms_xmlquery", "dbms_sql", "dbms_java", "dbms_export_extension", "pg_terminate_backend",
        "pg_cancel_backend", "pg_reload_conf", "edit",
    ]),
    // Packages and functions about metadata, spatial values (MySQL §14.16) and transaction sets (§14.18.2).
    (NONE, &[
        "dbms_utility", "ctxsys", "ordsys", "dbms_metadata", "dbms_xdb", "dbms_xmlschema", "name_const", "polygon", "multipoint",
        "multipolygon", "linestring", "multilinestring", "geometrycollection", "st_latfromgeohash", "st_longfromgeohash",
        "st_pointfromgeohash", "gtid_subset", "gtid_subtract", "json_keys",
    ]),
    // Conditions and choice.
    (NONE, &[
        "if", "ifnull", "nullif", "nvl", "nvl2", "iif", "coalesce", "isnull", "choose", "decode", "elt", "field", "make_set", "find_in_set",
        "greatest", "least", "interval", "exists", "bool_and", "bool_or", "every", "strcmp", "like", "regexp_like", "regexp_instr", "regexp_substr", "regexp_replace",
    ]),
    // Strings and their codes.
    (NONE, &[
        "ascii", "char", "chr", "nchar", "unichr", "unicode", "ord", "concat", "concat_ws", "group_concat", "string_agg", "listagg", "array_agg",
        "array_to_string", "array_length", "unnest", "length", "len", "datalength", "char_length", "character_length", "octet_length", "bit_length", "lower", "upper", "lcase", "ucase",
        "ltrim", "rtrim", "trim", "substr", "substring", "mid", "left", "right", "replace", "reverse", "instr", "locate", "position", "charindex",
        "patindex", "stuff", "quotename", "quote", "quote_literal", "quote_ident", "hex", "unhex", "bin", "oct", "conv", "to_base64", "from_base64",
        "encode", "soundex", "difference", "space", "initcap", "translate", "split_part", "overlay", "format", "insert", "export_set",
        "to_char", "to_number", "to_date", "to_timestamp", "rawtohex", "hextoraw", "utl_raw", "utl_encode", "printf", "glob", "string_to_array", "starts_with",
        "fn_sqlvarbasetostr", "fn_varbintohexstr", "sqlid_to_sqlhash", "substrb", "instrb", "lengthb", "asciistr", "dump", "vsize", "xmlagg", "xmlelement", "xmlforest", "xmlconcat", "xmlserialize", "xpath", "string",
    ]),
    // Numbers, aggregates and windows.
    (NONE, &[
        "abs", "acos", "asin", "atan", "atan2", "cos", "cot", "sin", "sinh", "cosh", "tan", "tanh", "degrees", "radians", "pi", "ln", "log", "mod", "max", "min", "sum", "ceil", "ceiling", "floor", "round", "sign", "sqrt", "power", "pow", "exp", "log2", "log10", "rand", "random", "bit_count", "crc32",
        "count", "avg", "stddev", "variance", "bit_and", "bit_or", "bit_xor", "rownum", "row_number", "ntile", "dense_rank", "truncate", "checksum", "trunc",
    ]),
    // Digests, ciphers, compression.
    (NONE, &["md5", "sha", "sha1", "sha2", "hashbytes", "aes_encrypt", "aes_decrypt", "des_encrypt", "des_decrypt", "password", "old_password", "encrypt", "compress", "uncompress", "digest", "crypt", "gen_salt", "pgp_sym_decrypt", "random_uuid", "newid", "uuid", "sys_guid"]),
    // Casts, JSON, XML.
    (NONE, &[
        "cast", "convert", "try_cast", "try_convert", "parse", "json_extract", "json_value", "json_query", "json_object", "json_array", "json_arrayagg", "json_objectagg", "json_length",
        "json_depth", "json_type", "json_valid", "json_quote", "json_unquote", "json_contains", "json_search", "json_table", "json_group_array", "json_build_object", "json_agg", "jsonb_agg", "row_to_json", "to_json", "to_jsonb",
        "xmlparse", "extractvalue", "updatexml", "xmltable", "openjson", "openxml", "typeof", "inet_aton", "inet_ntoa",
    ]),
    // Dates.
    (NONE, &[
        "now", "curdate", "curtime", "sysdate", "getdate", "getutcdate", "utc_date", "utc_time", "utc_timestamp", "current_date", "current_time",
        "current_timestamp", "localtime", "localtimestamp", "date_add", "date_sub", "dateadd", "datediff", "datepart", "datename", "from_unixtime",
        "unix_timestamp", "date_format", "str_to_date", "julianday", "strftime", "extract", "clock_timestamp", "age",
    ]),
];

const SLOTS: usize = 2048;

static TABLE: [Option<(u32, Effects)>; SLOTS] = {
    let mut table: [Option<(u32, Effects)>; SLOTS] = [None; SLOTS];
    let mut section = 0;
    while section < FUNCTIONS.len() {
        let (effects, names) = FUNCTIONS[section];
        let mut name = 0;
        while name < names.len() {
            let word = hash(names[name].as_bytes());
            let mut slot = word as usize % SLOTS;
            while table[slot].is_some() {
                slot = (slot + 1) % SLOTS;
            }
            table[slot] = Some((word, effects));
            name += 1;
        }
        section += 1;
    }
    table
};
