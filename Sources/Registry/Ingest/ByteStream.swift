import CZlib
import Foundation

/// A file's bytes in pieces, unpacked where the file is gzip.
struct ByteStream: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var inflater: Inflater?
    private var started = false

    /// Opens a file.
    init(path: String) throws(RegistryError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .file(path: path, reason: "cannot be opened (\(String(cString: strerror(errno))))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw .file(path: path, reason: "is not a file")
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The file's size on disk in bytes.
    let size: Int

    /// How many bytes of the file on disk have been read.
    private(set) var position = 0

    /// Appends the next bytes to `buffer`, about `count` of them; false at the end of the file.
    mutating func read(into buffer: inout [UInt8], count: Int) throws(RegistryError) -> Bool {
        if !started {
            started = true
            var magic: [UInt8] = []
            guard try readRaw(into: &magic, count: count) else { return false }
            if magic.count >= 2, magic[0] == 0x1F, magic[1] == 0x8B {
                inflater = try Inflater(path: path)
                return try unpack(magic, into: &buffer, count: count)
            }
            buffer += magic
            return true
        }
        guard inflater != nil else { return try readRaw(into: &buffer, count: count) }
        return try unpack([], into: &buffer, count: count)
    }

    private mutating func unpack(
        _ first: [UInt8], into buffer: inout [UInt8], count: Int
    ) throws(RegistryError) -> Bool {
        var packed = first
        while true {
            if packed.isEmpty, inflater?.needsInput == true {
                guard try readRaw(into: &packed, count: 1 << 16) else {
                    guard inflater?.isFinished == true else {
                        throw .refused(file: path, line: nil, reason: "the gzip file is cut off")
                    }
                    return false
                }
            }
            let before = buffer.count
            try inflater?.inflate(packed, into: &buffer, count: count)
            packed = []
            if buffer.count > before { return true }
        }
    }

    private mutating func readRaw(into buffer: inout [UInt8], count: Int) throws(RegistryError) -> Bool {
        var piece = [UInt8](repeating: 0, count: count)
        let length = piece.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, count) }
        guard length >= 0 else {
            throw .file(path: path, reason: "cannot be read (\(String(cString: strerror(errno))))")
        }
        position += length
        if buffer.isEmpty {
            piece.removeLast(count - length)
            buffer = piece
        } else {
            buffer += piece.prefix(length)
        }
        return length > 0
    }
}

/// zlib's inflate over pieces of a gzip file, which may hold several members one after the other (RFC 1952).
private final class Inflater {
    private let path: String
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var consumed = 0
    private(set) var isFinished = false

    init(path: String) throws(RegistryError) {
        self.path = path
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 added to the window bits tells zlib to expect a gzip header.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .file(path: path, reason: "cannot be unpacked")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    var needsInput: Bool { consumed == input.count }

    func inflate(_ packed: [UInt8], into buffer: inout [UInt8], count: Int) throws(RegistryError) {
        if !packed.isEmpty {
            input = packed
            consumed = 0
        }
        guard consumed < input.count else { return }
        if isFinished {
            inflateReset(stream)
            isFinished = false
        }
        var piece = [UInt8](repeating: 0, count: count)
        let status = input.withUnsafeMutableBufferPointer { source in
            piece.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress.map { $0 + consumed }
                stream.pointee.avail_in = UInt32(source.count - consumed)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(count)
                return CZlib.inflate(stream, Z_NO_FLUSH)
            }
        }
        consumed = input.count - Int(stream.pointee.avail_in)
        buffer += piece.prefix(count - Int(stream.pointee.avail_out))
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isFinished = true
        default: throw .refused(file: path, line: nil, reason: "the gzip file is damaged")
        }
    }
}
