package io.davylamp.benchmarks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Programs that nobody here wrote, kept busy for some seconds: what the corpus is recorded from. */
public final class Programs {
    private static final int TABLE_ROWS = 20_000;

    private Programs() {}

    private interface Round {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(arguments[1])).toNanos();
        switch (arguments[0]) {
            case "h2" -> {
                try (Connection connection = database("jdbc:h2:mem:bench")) {
                    until(end, () -> queries(connection, new Random(1), 200));
                }
            }
            case "lucene" -> until(end, Programs::indexAndSearch);
            case "javac" -> {
                List<Path> sources = unpackSources();
                until(end, () -> compile(sources));
            }
            case "tomcat" -> serve(end);
            case "shop" -> {
                // For others to ask, until whoever started it goes away.
                System.out.println(shop().getConnector().getLocalPort());
                while (System.in.read() >= 0) {}
                System.exit(0);
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void until(long end, Round round) throws Exception {
        do {
            round.run();
        } while (System.nanoTime() < end);
    }

    private static Connection database(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists item(id int primary key, name varchar, price int)");
        }
        try (PreparedStatement insert = connection.prepareStatement("merge into item values(?, ?, ?)")) {
            for (int i = 0; i < TABLE_ROWS; i++) {
                insert.setInt(1, i);
                insert.setString(2, "item " + i % 977);
                insert.setInt(3, i * 31 % 1009);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return connection;
    }

    private static long queries(Connection connection, Random random, int count) throws SQLException {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            try (PreparedStatement query = connection.prepareStatement(
                    i % 20 == 0
                            ? "select name, sum(price) from item where price > ? group by name order by 2 desc"
                            : "select a.name, b.price from item a join item b on b.id = a.price where a.id = ?")) {
                query.setInt(1, random.nextInt(TABLE_ROWS));
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        sum += rows.getInt(2);
                    }
                }
            }
        }
        return sum;
    }

    private static void indexAndSearch() throws IOException {
        Random random = new Random(2);
        try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
            try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()))) {
                for (int i = 0; i < 3_000; i++) {
                    StringBuilder text = new StringBuilder();
                    for (int w = 0; w < 150; w++) {
                        text.append("word")
                                .append((int) Math.abs(random.nextGaussian() * 700))
                                .append(' ');
                    }
                    Document document = new Document();
                    document.add(new TextField("text", text.toString(), Field.Store.YES));
                    writer.addDocument(document);
                }
            }
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                for (int i = 0; i < 2_000; i++) {
                    BooleanQuery.Builder query = new BooleanQuery.Builder();
                    for (int t = 0; t < 4; t++) {
                        query.add(
                                new TermQuery(new Term("text", "word" + random.nextInt(1500))),
                                BooleanClause.Occur.SHOULD);
                    }
                    searcher.search(query.build(), 20);
                }
            }
        }
    }

    private static List<Path> unpackSources() throws IOException {
        Path folder = Files.createTempDirectory("davylamp-sources");
        List<Path> files = new ArrayList<>();
        try (InputStream in = Programs.class.getResourceAsStream("/sources/lucene-core-sources.jar");
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                if (entry.getName().startsWith("org/apache/lucene/")
                        && entry.getName().endsWith(".java")
                        && !entry.getName().contains("-info")) {
                    Path file = folder.resolve(entry.getName().replace('/', '_'));
                    Path target = folder.resolve(entry.getName()).normalize();
                    if (!target.startsWith(folder)) {
                        throw new IOException("entry " + entry.getName());
                    }
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target);
                    files.add(target);
                    file.toFile().deleteOnExit();
                }
            }
        }
        return files;
    }

    private static void compile(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createTempDirectory("davylamp-classes");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            compiler.getTask(
                            null,
                            files,
                            diagnostic -> {},
                            List.of("-proc:none", "-nowarn", "-d", classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
        }
        try (var all = Files.walk(classes)) {
            all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
        }
    }

    private static Tomcat shop() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("davylamp-tomcat").toString());
        tomcat.setPort(0);
        tomcat.getConnector();
        Context context = tomcat.addContext("", null);
        database("jdbc:h2:mem:web;DB_CLOSE_DELAY=-1").close();
        Tomcat.addServlet(context, "shop", new Shop());
        context.addServletMappingDecoded("/", "shop");
        tomcat.start();
        return tomcat;
    }

    private static void serve(long end) throws Exception {
        Tomcat tomcat = shop();
        URI uri = URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + "/");
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Thread[] users = new Thread[4];
        for (int i = 0; i < users.length; i++) {
            users[i] = new Thread(() -> {
                try {
                    until(
                            end,
                            () -> client.send(
                                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            users[i].start();
        }
        for (Thread user : users) {
            user.join();
        }
        tomcat.stop();
    }

    private static final class Shop extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:web")) {
                response.getWriter().println(queries(connection, new Random(), 20));
            } catch (SQLException e) {
                throw new IOException(e);
            }
        }
    }
}
