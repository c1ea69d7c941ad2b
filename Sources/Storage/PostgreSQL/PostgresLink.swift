import CPostgres
import Foundation

/// One connection to a server: what libpq gives, owned.
///
/// Unchecked, because it is handed from thread to thread, but the pool lends it to one thread at a time.
final class PostgresLink: @unchecked Sendable {
    let pointer: OpaquePointer
    let database: String
    /// The pool's count of changes to the tables when the connection was opened.
    let generation: Int

    /// How long another transaction's lock is waited for, in milliseconds.
    private static let patience = 5_000

    /// Connects; blocks until the server has answered.
    init(url: String, database: String, generation: Int) throws(StorageError) {
        self.database = database
        self.generation = generation
        let settings = [
            ("dbname", url), ("client_encoding", "UTF8"), ("fallback_application_name", "tepat"),
            ("keepalives_idle", "60"), ("connect_timeout", "10"),
        ]
        // A connect_timeout of the URL counts: what stands later in the list wins, and the URL is expanded in its place.
        let ordered = Array(settings.dropFirst()) + [settings[0]]
        var keywords = ordered.map { strdup($0.0).map { UnsafePointer($0) } } + [nil]
        var values = ordered.map { strdup($0.1).map { UnsafePointer($0) } } + [nil]
        defer { for text in keywords + values { free(UnsafeMutablePointer(mutating: text)) } }
        guard let pointer = PQconnectdbParams(&keywords, &values, 1) else {
            throw .cannotOpen(database: database, reason: "out of memory")
        }
        self.pointer = pointer
        guard PQstatus(pointer) == CONNECTION_OK else { throw .cannotOpen(database: database, reason: lastMessage) }
        PQsetNoticeProcessor(pointer, { _, _ in }, nil)
        do {
            try run(
                """
                SET standard_conforming_strings = on; SET bytea_output = 'hex'; SET cursor_tuple_fraction = 1;
                SET client_min_messages = warning; SET lock_timeout = \(Self.patience)
                """)
        } catch {
            throw .cannotOpen(database: database, reason: error.description)
        }
    }

    deinit { PQfinish(pointer) }

    var isBroken: Bool { PQstatus(pointer) == CONNECTION_BAD }

    /// Runs one or several statements without arguments.
    @discardableResult
    func run(_ sql: String) throws(StorageError) -> PostgresResult {
        try checked(PQexec(pointer, sql), sql)
    }

    /// The result, if it is a good one.
    func checked(_ result: OpaquePointer?, _ sql: String) throws(StorageError) -> PostgresResult {
        guard let result else {
            throw isBroken ? .connectionLost("\(lastMessage) (\(database))") : .refused(sql: sql, reason: lastMessage)
        }
        let owned = PostgresResult(result)
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN: return owned
        case PGRES_EMPTY_QUERY: throw .refused(sql: sql, reason: "there is no statement in it")
        default: throw error(owned, sql)
        }
    }

    private func error(_ result: PostgresResult, _ sql: String) -> StorageError {
        // The detail, which quotes the row's values, is left out: messages end in logs.
        let state = result.field("C") ?? ""
        let reason = result.field("M") ?? lastMessage
        switch state {
        case _ where isBroken, _ where state.hasPrefix("08") || state.hasPrefix("57P"):
            return .connectionLost("\(reason) (\(database))")
        case _ where state.hasPrefix("23"): return .constraint(reason)
        case "53100": return .full(database: database)
        case "55P03", "40P01", "40001": return .locked("the database \(database)")
        case "25006": return .readOnly(database: database)
        default: return .refused(sql: sql, reason: state.isEmpty ? reason : "\(reason) (\(state))")
        }
    }

    /// What libpq says of the connection, in one line.
    var lastMessage: String {
        String(cString: PQerrorMessage(pointer)).split(separator: "\n").joined(separator: " ")
    }
}

/// A result of libpq, owned.
final class PostgresResult {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { PQclear(pointer) }

    var rows: Int { Int(PQntuples(pointer)) }

    /// How many rows a statement has changed.
    var changes: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    /// A part of an error, by the letter that the protocol has for it.
    func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(pointer, Int32(code.value)).map { String(cString: $0) }
    }

    func type(_ column: Int) -> Oid { PQftype(pointer, Int32(column)) }
}
