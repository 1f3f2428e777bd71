package io.davylamp.core.store;

import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.AuditQuery;
import io.davylamp.core.access.AuditRows;
import io.davylamp.core.access.LoginCode;
import io.davylamp.core.access.LoginCodeRows;
import io.davylamp.core.access.QuotaUse;
import io.davylamp.core.access.QuotaUseRows;
import io.davylamp.core.access.Session;
import io.davylamp.core.access.SessionRows;
import io.davylamp.core.access.Token;
import io.davylamp.core.access.TokenRows;
import io.davylamp.core.access.UsedStateRows;
import io.davylamp.core.access.User;
import io.davylamp.core.access.UserRows;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceRows;
import io.davylamp.core.instance.Place;
import io.davylamp.core.instance.Wanted;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingRows;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.recording.RecordingStep;
import io.davylamp.core.recording.RecordingTotals;
import io.davylamp.core.recording.UploadRow;
import io.davylamp.core.recording.UploadRows;
import io.davylamp.core.server.InstallationRow;
import io.davylamp.core.server.InstallationRows;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.server.ServerRows;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentRows;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.HistoryRow;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A store that forgets everything when the process ends, and runs the work of writers twice: for tests. Thread-safe; one transaction at a time. */
public final class InMemoryStore implements Store {
    private State state = new State();

    @Override
    public synchronized <T> T write(Function<Tx, T> work) {
        // As on a database where another server was in the way: what it leaves outside of the transaction the first
        // time shows.
        var unused = work.apply(state.copy());
        State next = state.copy();
        T result = work.apply(next);
        state = next;
        return result;
    }

    @Override
    public synchronized <T> T read(Function<Tx, T> work) {
        return work.apply(state.copy());
    }

    @Override
    public void close() {}

    private static final class State implements Tx {
        private final Map<String, Instance> instances = new LinkedHashMap<>();
        private final Map<String, TaskRow> tasks = new LinkedHashMap<>();
        private final Map<String, Assignment> assignments = new LinkedHashMap<>();
        private final Map<String, List<HistoryRow>> history = new LinkedHashMap<>();
        private final Map<String, Recording> recordings = new LinkedHashMap<>();
        private final Map<String, List<RecordingStep>> steps = new LinkedHashMap<>();
        private final Map<String, Long> leftovers = new TreeMap<>();
        private final Map<String, UploadRow> uploads = new TreeMap<>();
        private final Map<ServerId, ServerRow> servers = new LinkedHashMap<>();
        private InstallationRow installation;
        private final Map<String, User> users = new TreeMap<>();
        private final Map<String, Session> sessions = new TreeMap<>();
        private final Map<String, Token> tokens = new TreeMap<>();
        private final Map<String, AuditEntry> audit = new TreeMap<>();
        private final Map<String, QuotaUse> quotaUses = new TreeMap<>();
        private final Map<String, LoginCode> loginCodes = new TreeMap<>();
        private final Map<String, Long> usedStates = new TreeMap<>();

        State copy() {
            State copy = new State();
            copy.instances.putAll(instances);
            copy.tasks.putAll(tasks);
            copy.assignments.putAll(assignments);
            copy.recordings.putAll(recordings);
            copy.leftovers.putAll(leftovers);
            copy.uploads.putAll(uploads);
            copy.servers.putAll(servers);
            copy.installation = installation;
            copy.users.putAll(users);
            copy.sessions.putAll(sessions);
            copy.tokens.putAll(tokens);
            copy.audit.putAll(audit);
            copy.quotaUses.putAll(quotaUses);
            copy.loginCodes.putAll(loginCodes);
            copy.usedStates.putAll(usedStates);
            steps.forEach((id, rows) -> copy.steps.put(id, new ArrayList<>(rows)));
            history.forEach((id, rows) -> copy.history.put(id, new ArrayList<>(rows)));
            return copy;
        }

        @Override
        public InstanceRows instances() {
            return new Instances();
        }

        @Override
        public TaskRows tasks() {
            return new Tasks();
        }

        @Override
        public AssignmentRows assignments() {
            return new Assignments();
        }

        @Override
        public RecordingRows recordings() {
            return new Recordings();
        }

        @Override
        public LeftoverRows leftovers() {
            return new Leftovers();
        }

        @Override
        public ServerRows servers() {
            return new Servers();
        }

        @Override
        public InstallationRows installation() {
            return new OneInstallation();
        }

        private final class OneInstallation implements InstallationRows {
            @Override
            public Optional<InstallationRow> find() {
                return Optional.ofNullable(installation);
            }

            @Override
            public boolean insert(InstallationRow first) {
                boolean none = installation == null;
                installation = none ? first : installation;
                return none;
            }

            @Override
            public boolean compareAndSet(InstallationRow next, long claimedMillis) {
                boolean as = installation != null && installation.claimedMillis() == claimedMillis;
                installation = as ? next : installation;
                return as;
            }
        }

        @Override
        public UserRows users() {
            return new Users();
        }

        @Override
        public SessionRows sessions() {
            return new Sessions();
        }

        @Override
        public TokenRows tokens() {
            return new Tokens();
        }

        @Override
        public AuditRows audit() {
            return new Audit();
        }

        @Override
        public UsedStateRows usedStates() {
            return new UsedStates();
        }

        private final class UsedStates implements UsedStateRows {
            @Override
            public boolean insert(String hash, long endsMillis) {
                return usedStates.putIfAbsent(hash, endsMillis) == null;
            }

            @Override
            public int deleteEnded(long nowMillis) {
                int before = usedStates.size();
                usedStates.values().removeIf(ends -> ends <= nowMillis);
                return before - usedStates.size();
            }
        }

        @Override
        public LoginCodeRows loginCodes() {
            return new LoginCodes();
        }

        private final class LoginCodes implements LoginCodeRows {
            @Override
            public void replace(LoginCode code) {
                loginCodes.values().removeIf(each -> each.sessionHash().equals(code.sessionHash()));
                loginCodes.put(code.hash(), code);
            }

            @Override
            public Optional<LoginCode> take(String hash) {
                return Optional.ofNullable(loginCodes.remove(hash));
            }

            @Override
            public int deleteEnded(long nowMillis) {
                int before = loginCodes.size();
                loginCodes.values().removeIf(each -> each.endsMillis() <= nowMillis);
                return before - loginCodes.size();
            }
        }

        @Override
        public QuotaUseRows quotaUses() {
            return new QuotaUses();
        }

        private final class QuotaUses implements QuotaUseRows {
            private List<QuotaUse> which(Predicate<QuotaUse> wanted, int limit) {
                return quotaUses.values().stream()
                        .filter(wanted)
                        .sorted(Comparator.comparingLong(QuotaUse::atMillis).thenComparing(QuotaUse::id))
                        .limit(limit)
                        .toList();
            }

            @Override
            public void put(QuotaUse use) {
                quotaUses.merge(
                        use.id(),
                        use,
                        (old, next) -> new QuotaUse(old.id(), old.who(), old.kind(), old.atMillis(), next.amount()));
            }

            @Override
            public long sum(String who, QuotaUse.Kind kind, long afterMillis) {
                return oldest(who, kind, afterMillis, Integer.MAX_VALUE).stream()
                        .mapToLong(QuotaUse::amount)
                        .sum();
            }

            @Override
            public List<QuotaUse> oldest(String who, QuotaUse.Kind kind, long afterMillis, int limit) {
                return which(
                        each -> each.who().equals(who) && each.kind() == kind && each.atMillis() > afterMillis, limit);
            }

            @Override
            public int deleteBefore(long millis, int limit) {
                List<QuotaUse> old = which(each -> each.atMillis() < millis, limit);
                old.forEach(each -> quotaUses.remove(each.id()));
                return old.size();
            }
        }

        private final class Users implements UserRows {
            @Override
            public boolean insert(User user) {
                return users.putIfAbsent(user.name(), user) == null;
            }

            @Override
            public boolean update(User user) {
                return users.computeIfPresent(
                                user.name(),
                                (name, old) -> new User(name, user.passwordHash(), user.grants(), old.createdMillis()))
                        != null;
            }

            @Override
            public Optional<User> byName(String name) {
                return Optional.ofNullable(users.get(name));
            }

            @Override
            public List<User> all() {
                return List.copyOf(users.values());
            }

            @Override
            public boolean delete(String name) {
                return users.remove(name) != null;
            }
        }

        private final class Sessions implements SessionRows {
            @Override
            public void insert(Session session) {
                sessions.put(session.hash(), session);
            }

            @Override
            public Optional<Session> byHash(String hash) {
                return Optional.ofNullable(sessions.get(hash));
            }

            @Override
            public List<Session> all() {
                return sessions.values().stream()
                        .sorted(Comparator.comparingLong(Session::createdMillis)
                                .reversed()
                                .thenComparing(Session::hash))
                        .toList();
            }

            @Override
            public void used(String hash, long millis) {
                sessions.computeIfPresent(
                        hash,
                        (key, s) -> new Session(
                                key,
                                s.issuer(),
                                s.subject(),
                                s.name(),
                                s.groups(),
                                s.createdMillis(),
                                Math.max(millis, s.usedMillis()),
                                s.endsMillis()));
            }

            @Override
            public boolean delete(String hash) {
                return sessions.remove(hash) != null;
            }

            @Override
            public int deleteOf(String issuer, String subject) {
                int before = sessions.size();
                sessions.values()
                        .removeIf(s -> s.issuer().equals(issuer) && s.subject().equals(subject));
                return before - sessions.size();
            }

            @Override
            public int deleteOver(long nowMillis, long unusedSinceMillis) {
                int before = sessions.size();
                sessions.values().removeIf(s -> s.endsMillis() <= nowMillis || s.usedMillis() < unusedSinceMillis);
                return before - sessions.size();
            }
        }

        private final class Tokens implements TokenRows {
            @Override
            public boolean insert(Token token) {
                return tokens.values().stream().noneMatch(each -> each.name().equals(token.name()))
                        && tokens.putIfAbsent(token.id(), token) == null;
            }

            @Override
            public Optional<Token> byHash(String hash) {
                return tokens.values().stream()
                        .filter(each -> each.hash().equals(hash))
                        .findFirst();
            }

            @Override
            public Optional<Token> byId(String id) {
                return Optional.ofNullable(tokens.get(id));
            }

            @Override
            public List<Token> all() {
                return tokens.values().stream()
                        .sorted(Comparator.comparingLong(Token::createdMillis)
                                .thenComparing(Token::id)
                                .reversed())
                        .toList();
            }

            @Override
            public void used(String id, long millis) {
                tokens.computeIfPresent(
                        id,
                        (key, t) -> new Token(
                                key,
                                t.hash(),
                                t.name(),
                                t.kind(),
                                t.grants(),
                                t.author(),
                                t.createdMillis(),
                                t.endsMillis(),
                                Math.max(millis, t.usedMillis())));
            }

            @Override
            public boolean delete(String id) {
                return tokens.remove(id) != null;
            }
        }

        private final class Audit implements AuditRows {
            @Override
            public void insert(AuditEntry entry) {
                audit.put(entry.id(), entry);
            }

            @Override
            public List<AuditEntry> find(AuditQuery query) {
                return audit.values().stream()
                        .filter(each -> query.name() == null || query.name().equals(each.name()))
                        .filter(each ->
                                query.service() == null || query.service().equals(each.service()))
                        .filter(each -> query.action() == null || query.action().equals(each.action()))
                        .filter(each -> each.atMillis() >= query.sinceMillis() && each.atMillis() < query.untilMillis())
                        .filter(each -> query.beforeId() == null || each.id().compareTo(query.beforeId()) < 0)
                        .sorted(Comparator.comparing(AuditEntry::id).reversed())
                        .limit(query.limit())
                        .toList();
            }

            @Override
            public int deleteBefore(long millis, int limit) {
                List<String> old = audit.values().stream()
                        .filter(each -> each.atMillis() < millis)
                        .sorted(Comparator.comparingLong(AuditEntry::atMillis).thenComparing(AuditEntry::id))
                        .limit(limit)
                        .map(AuditEntry::id)
                        .toList();
                old.forEach(audit::remove);
                return old.size();
            }
        }

        private final class Servers implements ServerRows {
            @Override
            public void put(ServerRow server) {
                servers.put(server.id(), server);
            }

            @Override
            public List<ServerRow> all() {
                return servers.values().stream()
                        .sorted(Comparator.comparingLong(ServerRow::startedMillis)
                                .thenComparing(server -> server.id().text()))
                        .toList();
            }

            @Override
            public void remove(ServerId id) {
                servers.remove(id);
            }

            @Override
            public int removeUnheardSince(long millis) {
                int before = servers.size();
                servers.values().removeIf(server -> server.heardMillis() < millis);
                return before - servers.size();
            }
        }

        @Override
        public UploadRows uploads() {
            return new Uploads();
        }

        private final class Uploads implements UploadRows {
            @Override
            public Optional<UploadRow> byId(String assignmentId) {
                return Optional.ofNullable(uploads.get(assignmentId));
            }

            @Override
            public List<UploadRow> byIds(Collection<String> assignmentIds) {
                return uploads.values().stream()
                        .filter(each -> assignmentIds.contains(each.assignmentId()))
                        .toList();
            }

            @Override
            public boolean insert(UploadRow upload) {
                return uploads.putIfAbsent(upload.assignmentId(), upload) == null;
            }

            private boolean isOwn(String assignmentId, String owner) {
                UploadRow now = uploads.get(assignmentId);
                return now != null && now.owner().equals(owner);
            }

            @Override
            public boolean replace(UploadRow next, String owner) {
                boolean own = isOwn(next.assignmentId(), owner);
                if (own) {
                    uploads.put(next.assignmentId(), next);
                }
                return own;
            }

            @Override
            public Set<String> renew(Collection<UploadRow> renewed) {
                Set<String> others = new HashSet<>();
                for (UploadRow row : renewed) {
                    if (isOwn(row.assignmentId(), row.owner())) {
                        UploadRow now = uploads.get(row.assignmentId());
                        uploads.put(
                                row.assignmentId(),
                                new UploadRow(
                                        now.assignmentId(),
                                        now.key(),
                                        now.declaredBytes(),
                                        row.receivedBytes(),
                                        now.keptBytes(),
                                        now.token(),
                                        now.owner(),
                                        row.leaseMillis()));
                    } else {
                        others.add(row.assignmentId());
                    }
                }
                return others;
            }

            @Override
            public List<UploadRow> abandoned(long nowMillis, int limit) {
                return idleSince(nowMillis, Integer.MAX_VALUE).stream()
                        .filter(each -> !each.owner().isEmpty())
                        .limit(limit)
                        .toList();
            }

            @Override
            public List<UploadRow> idleSince(long millis, int limit) {
                return uploads.values().stream()
                        .filter(each -> each.leaseMillis() <= millis)
                        .sorted(Comparator.comparingLong(UploadRow::leaseMillis).thenComparing(UploadRow::assignmentId))
                        .limit(limit)
                        .toList();
            }

            @Override
            public boolean delete(String assignmentId, String owner) {
                boolean own = isOwn(assignmentId, owner);
                if (own) {
                    uploads.remove(assignmentId);
                }
                return own;
            }

            @Override
            public void delete(Collection<String> assignmentIds) {
                assignmentIds.forEach(uploads::remove);
            }
        }

        private final class Leftovers implements LeftoverRows {
            @Override
            public void put(Collection<String> keys, long dueMillis) {
                keys.forEach(key -> leftovers.put(key, dueMillis));
            }

            @Override
            public List<String> due(long nowMillis, int limit) {
                return leftovers.entrySet().stream()
                        .filter(each -> each.getValue() <= nowMillis)
                        .sorted(Map.Entry.comparingByValue())
                        .limit(limit)
                        .map(Map.Entry::getKey)
                        .toList();
            }

            @Override
            public void remove(Collection<String> keys) {
                keys.forEach(leftovers::remove);
            }
        }

        private final class Recordings implements RecordingRows {
            private List<Recording> which(Predicate<Recording> wanted, Comparator<Recording> order) {
                return recordings.values().stream()
                        .filter(wanted)
                        .sorted(order.thenComparing(Recording::id))
                        .toList();
            }

            @Override
            public void insert(Recording recording) {
                if (recordings.putIfAbsent(recording.id(), recording) != null) {
                    throw new IllegalStateException("recording " + recording.id() + " exists already");
                }
            }

            @Override
            public Optional<Recording> byId(String id) {
                return Optional.ofNullable(recordings.get(id));
            }

            @Override
            public Optional<Recording> byProfileKey(String profileKey) {
                return recordings.values().stream()
                        .filter(each -> each.profileKey().equals(profileKey))
                        .findFirst();
            }

            @Override
            public List<Recording> ofTasks(Collection<String> taskIds) {
                return which(
                        each -> taskIds.contains(each.taskId()), Comparator.comparingLong(Recording::storedMillis));
            }

            @Override
            public List<Recording> ofOrigin(Origin origin) {
                return recordings.values().stream()
                        .filter(each -> each.origin() == origin)
                        .sorted(Comparator.comparingLong(Recording::storedMillis)
                                .thenComparing(Recording::id)
                                .reversed())
                        .toList();
            }

            @Override
            public List<Recording> inStates(Collection<RecordingState> states) {
                return which(each -> states.contains(each.state()), Comparator.comparingLong(Recording::storedMillis));
            }

            @Override
            public List<Recording> free(long nowMillis, int limit) {
                return which(each -> each.isFree(nowMillis), Comparator.comparingLong(Recording::storedMillis)).stream()
                        .limit(limit)
                        .toList();
            }

            @Override
            public List<Recording> keptUntilBefore(long millis, int limit) {
                return which(
                                each -> each.keptUntilMillis() < millis,
                                Comparator.comparingLong(Recording::keptUntilMillis))
                        .stream()
                        .limit(limit)
                        .toList();
            }

            @Override
            public boolean compareAndSet(Recording next) {
                Recording now = recordings.get(next.id());
                if (now == null || now.version() != next.version() - 1) {
                    return false;
                }
                recordings.put(next.id(), keptUntil(next, now.keptUntilMillis()));
                if (next.state() != RecordingState.READING) {
                    steps.computeIfAbsent(next.id(), id -> new ArrayList<>())
                            .add(new RecordingStep(next.stateMillis(), next.state(), next.reason()));
                }
                return true;
            }

            private static Recording keptUntil(Recording r, long millis) {
                return new Recording(
                        r.id(),
                        r.origin(),
                        r.taskId(),
                        r.service(),
                        r.instance(),
                        r.labels(),
                        r.fromMillis(),
                        r.toMillis(),
                        r.bytesKey(),
                        r.profileKey(),
                        r.bytes(),
                        r.sha256(),
                        r.state(),
                        r.version(),
                        r.leaseMillis(),
                        r.reason(),
                        r.stateMillis(),
                        r.profileBytes(),
                        r.storedMillis(),
                        millis,
                        r.owner(),
                        r.originalSha256());
            }

            @Override
            public void keepUntil(String id, long millis) {
                recordings.computeIfPresent(id, (key, now) -> keptUntil(now, Math.max(now.keptUntilMillis(), millis)));
            }

            @Override
            public void delete(String id) {
                recordings.remove(id);
                steps.remove(id);
            }

            @Override
            public RecordingTotals totals(Origin origin) {
                List<Recording> all = ofOrigin(origin);
                return new RecordingTotals(
                        all.size(),
                        all.stream().filter(each -> each.state().isUnread()).count(),
                        all.stream().mapToLong(Recording::bytes).sum(),
                        all.stream().mapToLong(Recording::profileBytes).sum());
            }

            @Override
            public List<RecordingStep> history(String id) {
                return List.copyOf(steps.getOrDefault(id, List.of()));
            }
        }

        private final class Instances implements InstanceRows {
            @Override
            public void put(Instance instance) {
                find(instance.service(), instance.name())
                        .filter(known -> !known.id().equals(instance.id()))
                        .ifPresent(known -> {
                            throw new IllegalStateException("instance " + known.name() + " exists already");
                        });
                instances.put(instance.id(), instance);
            }

            private static Instance with(Instance i, String link, long lastSeenMillis) {
                return new Instance(
                        i.id(),
                        i.service(),
                        i.name(),
                        i.properties(),
                        i.labels(),
                        i.unable(),
                        i.life(),
                        link,
                        i.abilities(),
                        i.trustMillis(),
                        i.firstSeenMillis(),
                        lastSeenMillis);
            }

            @Override
            public void seen(Map<String, Long> millisById) {
                millisById.forEach((id, millis) -> instances.computeIfPresent(
                        id, (key, i) -> with(i, i.link(), Math.max(i.lastSeenMillis(), millis))));
            }

            @Override
            public void unlink(Collection<String> links) {
                instances.replaceAll((id, i) -> links.contains(i.link()) ? with(i, "", i.lastSeenMillis()) : i);
            }

            @Override
            public List<Instance> byIds(Collection<String> ids) {
                return instances.values().stream()
                        .filter(each -> ids.contains(each.id()))
                        .toList();
            }

            @Override
            public Optional<Instance> byLink(String link) {
                return instances.values().stream()
                        .filter(each -> !link.isEmpty() && each.link().equals(link))
                        .findFirst();
            }

            @Override
            public List<Instance> onHosts(Collection<String> hosts, long sinceMillis) {
                return instances.values().stream()
                        .filter(each -> hosts.contains(Place.of(each).host()) && each.lastSeenMillis() >= sinceMillis)
                        .toList();
            }

            @Override
            public List<Wanted> wanted(long sinceMillis) {
                List<Wanted> wanted = new ArrayList<>();
                for (Assignment each : assignments.values()) {
                    Wanted.Kind kind = kind(each, sinceMillis);
                    if (kind != null) {
                        wanted.add(new Wanted(each.instanceId(), kind, each.id()));
                    }
                }
                instances.values().stream()
                        .filter(each -> each.trustMillis() > 0)
                        .map(each -> new Wanted(each.id(), Wanted.Kind.TRUST, "" + each.trustMillis()))
                        .forEach(wanted::add);
                return wanted;
            }

            private Wanted.Kind kind(Assignment a, long sinceMillis) {
                return switch (a.state()) {
                    case PENDING ->
                        assignments.values().stream()
                                        .anyMatch(other -> other.instanceId().equals(a.instanceId())
                                                && other.state() != AssignmentState.PENDING
                                                && other.state().isLive())
                                ? null
                                : Wanted.Kind.OFFER;
                    case OFFERED -> instances.get(a.instanceId()).abilities().reports() ? null : Wanted.Kind.RECEIPT;
                    case ACCEPTED, RUNNING ->
                        a.stopMillis() > 0
                                ? Wanted.Kind.STOP
                                : instances.get(a.instanceId()).abilities().reports() ? null : Wanted.Kind.RECEIPT;
                    case CANCELLED ->
                        a.windowEndMillis() > sinceMillis && !a.life().isEmpty() ? Wanted.Kind.CANCEL : null;
                    default -> null;
                };
            }

            @Override
            public Optional<Instance> find(String service, String name) {
                return ofService(service).stream()
                        .filter(instance -> instance.name().equals(name))
                        .findFirst();
            }

            @Override
            public Optional<Instance> byId(String id) {
                return Optional.ofNullable(instances.get(id));
            }

            @Override
            public List<Instance> ofService(String service) {
                return instances.values().stream()
                        .filter(instance -> instance.service().equals(service))
                        .toList();
            }

            @Override
            public List<Instance> all() {
                return List.copyOf(instances.values());
            }

            @Override
            public int count(String service) {
                return ofService(service).size();
            }

            @Override
            public int count() {
                return instances.size();
            }

            @Override
            public int deleteUnseenSince(long millis) {
                int before = instances.size();
                instances
                        .values()
                        .removeIf(instance -> instance.lastSeenMillis() < millis
                                && assignments.values().stream()
                                        .noneMatch(assignment ->
                                                assignment.instanceId().equals(instance.id())));
                return before - instances.size();
            }
        }

        private final class Tasks implements TaskRows {
            @Override
            public void insert(TaskRow task) {
                tasks.put(task.id(), task);
            }

            @Override
            public Optional<TaskRow> byId(String id) {
                return Optional.ofNullable(tasks.get(id));
            }

            @Override
            public List<TaskRow> newest(String service, int limit) {
                return tasks.values().stream()
                        .filter(task -> service == null || task.spec().service().equals(service))
                        .sorted(Comparator.comparingLong(TaskRow::createdMillis)
                                .thenComparing(TaskRow::id)
                                .reversed())
                        .limit(limit)
                        .toList();
            }

            @Override
            public long count() {
                return tasks.size();
            }

            @Override
            public List<TaskRow> createdIn(String service, long sinceMillis, long untilMillis, int limit) {
                return newest(service, Integer.MAX_VALUE).stream()
                        .filter(task -> task.createdMillis() >= sinceMillis && task.createdMillis() < untilMillis)
                        .limit(limit)
                        .toList();
            }

            @Override
            public List<String> createdBefore(long millis, int limit) {
                return tasks.values().stream()
                        .filter(task -> task.createdMillis() < millis)
                        .sorted(Comparator.comparingLong(TaskRow::createdMillis))
                        .limit(limit)
                        .map(TaskRow::id)
                        .toList();
            }

            @Override
            public boolean retitle(String id, String title) {
                return tasks.computeIfPresent(
                                id, (key, old) -> new TaskRow(id, old.spec(), old.createdMillis(), old.author(), title))
                        != null;
            }

            @Override
            public List<Long> windowEnds(String authorId, Collection<AssignmentState> states) {
                return assignments().inStates(states).stream()
                        .filter(each -> tasks.get(each.taskId()).author().id().equals(authorId))
                        .collect(Collectors.toMap(Assignment::taskId, Assignment::windowEndMillis, Math::max))
                        .values()
                        .stream()
                        .sorted()
                        .toList();
            }

            @Override
            public Map<String, String> versions(Collection<String> ids) {
                Map<String, String> versions = new TreeMap<>();
                for (String id : ids) {
                    List<Assignment> parts = assignments().ofTask(id);
                    List<Recording> made = recordings().ofTasks(List.of(id));
                    if (!parts.isEmpty()) {
                        versions.put(
                                id,
                                parts.size() + ":"
                                        + parts.stream()
                                                .mapToInt(Assignment::version)
                                                .sum() + ":" + made.size() + ":"
                                        + made.stream()
                                                .mapToInt(Recording::version)
                                                .sum()
                                        + ":" + tasks.get(id).title());
                    }
                }
                return versions;
            }

            @Override
            public void delete(String id) {
                tasks.remove(id);
                assignments.values().removeIf(assignment -> {
                    boolean gone = assignment.taskId().equals(id);
                    if (gone) {
                        history.remove(assignment.id());
                    }
                    return gone;
                });
            }
        }

        private final class Assignments implements AssignmentRows {
            private List<Assignment> inCreationOrder() {
                return assignments.values().stream()
                        .sorted(Comparator.comparingLong(Assignment::createdMillis)
                                .thenComparing(Assignment::id))
                        .toList();
            }

            @Override
            public boolean insert(Assignment assignment) {
                if (assignment.blocking()
                        && assignments.values().stream()
                                .anyMatch(other ->
                                        other.blocking() && other.instanceId().equals(assignment.instanceId()))) {
                    return false;
                }
                assignments.put(assignment.id(), assignment);
                note(assignment);
                return true;
            }

            private void note(Assignment assignment) {
                history.computeIfAbsent(assignment.id(), id -> new ArrayList<>())
                        .add(new HistoryRow(assignment.stateMillis(), assignment.state(), assignment.reason()));
            }

            @Override
            public Optional<Assignment> byId(String id) {
                return Optional.ofNullable(assignments.get(id));
            }

            @Override
            public List<Assignment> ofTask(String taskId) {
                return ofTasks(List.of(taskId));
            }

            @Override
            public List<Assignment> ofTasks(Collection<String> taskIds) {
                return inCreationOrder().stream()
                        .filter(assignment -> taskIds.contains(assignment.taskId()))
                        .toList();
            }

            @Override
            public List<Assignment> ofInstance(String instanceId, Collection<AssignmentState> states) {
                return inStates(states).stream()
                        .filter(assignment -> assignment.instanceId().equals(instanceId))
                        .toList();
            }

            @Override
            public List<Assignment> ofInstance(
                    String instanceId,
                    Collection<AssignmentState> states,
                    Collection<AssignmentState> over,
                    long windowEndsAfterMillis) {
                return inCreationOrder().stream()
                        .filter(each -> each.instanceId().equals(instanceId))
                        .filter(each -> states.contains(each.state())
                                || over.contains(each.state()) && each.windowEndMillis() > windowEndsAfterMillis)
                        .toList();
            }

            @Override
            public boolean hasChangedSince(String instanceId, Collection<AssignmentState> states, long millis) {
                return ofInstance(instanceId, states).stream().anyMatch(each -> each.stateMillis() > millis);
            }

            @Override
            public List<Assignment> inStates(Collection<AssignmentState> states) {
                return inCreationOrder().stream()
                        .filter(assignment -> states.contains(assignment.state()))
                        .toList();
            }

            @Override
            public List<Assignment> overdue(Collection<AssignmentState> states, long nowMillis) {
                return inStates(states).stream()
                        .filter(assignment -> assignment.deadlineMillis() <= nowMillis)
                        .toList();
            }

            @Override
            public void unblock(long nowMillis) {
                assignments.replaceAll(
                        (id, assignment) -> assignment.blocking() && assignment.windowEndMillis() <= nowMillis
                                ? assignment
                                        .change(assignment.state(), nowMillis)
                                        .notBlocking()
                                        .resumeAt(assignment.resumeState())
                                        .done()
                                : assignment);
            }

            @Override
            public long lastCreatedMillis(String instanceId) {
                return assignments.values().stream()
                        .filter(assignment -> assignment.instanceId().equals(instanceId))
                        .mapToLong(Assignment::createdMillis)
                        .max()
                        .orElse(0);
            }

            @Override
            public boolean compareAndSet(Assignment next) {
                Assignment now = assignments.get(next.id());
                if (now == null || now.version() != next.version() - 1) {
                    return false;
                }
                assignments.put(next.id(), next);
                if (now.state() != next.state()) {
                    note(next);
                }
                return true;
            }

            @Override
            public List<HistoryRow> history(String assignmentId) {
                return List.copyOf(history.getOrDefault(assignmentId, List.of()));
            }
        }
    }
}
