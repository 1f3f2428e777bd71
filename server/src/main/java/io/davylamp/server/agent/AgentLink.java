package io.davylamp.server.agent;

import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceTakenException;
import io.davylamp.core.instance.InvalidInstanceException;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.TaskSpecText;
import io.davylamp.server.access.Caller;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.Cancel;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.Stop;
import io.davylamp.wire.v1.Trust;
import io.davylamp.wire.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said with one agent, from its Hello until it is gone. Thread-safe; one thread at a time brings messages. */
final class AgentLink implements StreamObserver<AgentMessage> {
    static final int MAX_LIFE = 100;
    /** Of assignments and reports in one Hello, and of messages in one poll: each costs a look into the database. */
    static final int MAX_PARTS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(AgentLink.class);

    /** Whose token came with the last call. */
    private volatile Caller caller;

    private final Pipe pipe;
    private final AgentLinks links;
    /** Names this connection, in the row of the instance too while it is the agent's. */
    private final String line;

    private volatile Instance instance;
    private volatile String life = "";
    private volatile long heardMillis;
    /** Cancelled assignments of which the agent was told over this link. */
    private final Set<String> toldCancelled = new HashSet<>();
    /** Stopped ones likewise; one may be cancelled afterwards. */
    private final Set<String> toldStopped = new HashSet<>();
    /** Which {@link Instance#trustMillis} the agent was told over this link and has not shown to know; 0 for none. */
    private volatile long trustToldMillis;

    /** Whether there was something to tell and no way to. */
    private volatile boolean behind;

    AgentLink(Caller caller, Pipe pipe, AgentLinks links, String line) {
        this.caller = caller;
        this.pipe = pipe;
        this.links = links;
        this.line = line;
    }

    /** Of a line whose Hello another server heard, as the row of its instance says; {@link #goOn} is to be called. */
    AgentLink(Caller caller, Pipe pipe, AgentLinks links, String line, Instance known) {
        this(caller, pipe, links, line);
        instance = known;
        life = known.life();
        behind = true;
    }

    /** From now on this is the link of the instance whose Hello another server heard. */
    void goOn() {
        links.put(instance.id(), this);
    }

    String line() {
        return line;
    }

    /** The life of the agent; empty before its Hello. */
    String life() {
        return life;
    }

    /** When something came from it, by the server's clock. */
    long heardMillis() {
        return heardMillis;
    }

    /** The agent is there. */
    void heard() {
        heardMillis = links.clock.millis();
        if (instance != null) {
            links.instances.seen(instance.id());
        }
    }

    @Override
    public void onNext(AgentMessage message) {
        try {
            if (isRefused()) {
                return;
            }
            heardMillis = links.clock.millis();
            if (message.hasHello()) {
                hello(message.getHello());
            } else if (instance == null) {
                end(Status.FAILED_PRECONDITION.withDescription("Hello must be the first message"));
            } else if (message.hasReport()) {
                report(message.getReport());
            } else if (message.hasHeartbeat()) {
                heard();
                send(ServerMessage.newBuilder()
                        .setHeartbeat(Heartbeat.getDefaultInstance())
                        .build());
            }
        } catch (InstanceTakenException e) {
            end(Status.ALREADY_EXISTS.withDescription(e.getMessage()));
        } catch (InvalidInstanceException e) {
            end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
        } catch (StoreException e) {
            links.seldom.log(e.kind().name(), more -> log.warn("{}{}", e.getMessage(), more));
            end(Status.UNAVAILABLE.withDescription(e.getMessage()));
        } catch (RuntimeException e) {
            links.seldom.log(
                    e.getClass().getName(),
                    more -> log.error(
                            "cannot handle a message of instance {}{}",
                            instance == null ? "?" : instance.name(),
                            more,
                            e));
            end(Status.INTERNAL.withDescription("the server failed; its log says why"));
        }
    }

    private void hello(Hello hello) {
        if (hello.getLife().length() > MAX_LIFE) {
            end(Status.INVALID_ARGUMENT.withDescription(
                    "life has " + hello.getLife().length() + " characters; at most " + MAX_LIFE + " are allowed"));
            return;
        }
        if (hello.getHoldingCount() > MAX_PARTS || hello.getReportsCount() > MAX_PARTS) {
            end(tooMany("assignments or reports", Math.max(hello.getHoldingCount(), hello.getReportsCount())));
            return;
        }
        if (instance != null) {
            if (!hello.getService().equals(instance.service())
                    || !hello.getInstance().equals(instance.name())
                    || !hello.getLife().equals(life)) {
                end(Status.FAILED_PRECONDITION.withDescription("an agent cannot become another"));
                return;
            }
            // Before the Hello is noted: whoever sees the agent able again must not find the trust still to be told.
            if (trustToldMillis > 0 && !unable(hello).mayEndByTrust()) {
                links.instances.trustIsKnown(instance.id(), trustToldMillis);
                trustToldMillis = 0;
            }
            seen(hello);
            return;
        }
        if (links.isClosed()) {
            end(Status.UNAVAILABLE.withDescription("the server stops"));
            return;
        }
        life = hello.getLife();
        Instance seen = seen(hello);
        links.put(seen.id(), this);
        send(ServerMessage.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setServerVersion(links.version)
                        .setHeartbeatSeconds(AgentLinks.HEARTBEAT_SECONDS)
                        .setMaxRecordingBytes(links.recordingBytes))
                .build());
        hello.getReportsList().forEach(this::report);
        resume(hello.getHoldingList());
        log.info("instance {} of service {} is connected", seen.name(), seen.service());
    }

    /** From now on the agent is who sent this call. */
    void comesFrom(Caller another) {
        caller = another;
    }

    /** Ends the link of an agent whose token is not, or no longer, for its service. */
    boolean isRefused() {
        if (instance == null || caller.now().speaksFor(instance.service())) {
            return false;
        }
        end(Status.PERMISSION_DENIED.withDescription(
                "the token or certificate of this agent is not, or no longer, for service " + instance.service()));
        return true;
    }

    private Instance seen(Hello hello) {
        instance = links.instances.hello(
                caller.now(),
                hello.getService(),
                hello.getInstance(),
                hello.getPropertiesMap(),
                hello.getLabelsMap(),
                unable(hello),
                life,
                new Abilities(true, hello.getLacksMap(), hello.getUnsureMap(), hello.getMaxSeconds()),
                line,
                known -> links.isTakenByAnother(known, life));
        return instance;
    }

    private static Unable unable(Hello hello) {
        return new Unable(hello.getUnableCode(), hello.getUnable());
    }

    private void report(Report report) {
        String whose = report.getInstance().isEmpty()
                ? instance.id()
                : links.instances
                        .find(instance.service(), report.getInstance())
                        .map(Instance::id)
                        .orElse("");
        String assignment = report.getAssignmentId();
        switch (report.getWhatCase()) {
            case ACCEPTED -> links.reports.accepted(whose, assignment);
            case RUNNING ->
                links.reports.running(
                        whose,
                        assignment,
                        report.getRunning().getEngine(),
                        report.getRunning().getNote());
            case FAILED ->
                links.reports.failed(whose, assignment, report.getFailed().getReason());
            case ENDED ->
                links.reports.ended(whose, assignment, report.getEnded().getNote());
            case WHAT_NOT_SET -> {}
        }
    }

    /** The agent is back: sorts out what it should have, and tells it what it may not have heard. */
    private synchronized void resume(List<String> holding) {
        List<String> cancelled = links.offers.cancelled(instance.id(), life, holding);
        toldCancelled.addAll(cancelled); // nothing is under way to it on a new link
        cancelled.stream().filter(holding::contains).forEach(this::cancel);
        List<Offers.Offer> again = links.offers.reconcile(instance.id(), life, holding);
        again.forEach(this::command);
        tellOver(again.isEmpty());
    }

    /** Tells the agent what people want of it and what is to be done next, as the store has it, if there is a way to it now. */
    synchronized void tell() {
        behind = true; // first: whoever opens a way meanwhile looks
        if (pipe.hold()) {
            try {
                behind = false;
                tellOver(true);
            } catch (RuntimeException e) {
                behind = true;
                throw e;
            } finally {
                pipe.release();
            }
        }
    }

    /** There is a way to the agent: tells it what it could not be told before. */
    void catchUp() {
        if (behind && instance != null) {
            tell();
        }
    }

    /** In this order: the next command must find the agent free. */
    private void tellOver(boolean mayOffer) {
        if (isRefused()) {
            return;
        }
        Optional<Offers.News> news = links.offers.news(instance.id(), life, line);
        if (news.isEmpty()) {
            end(Status.ABORTED.withDescription("the agent connected again"));
            return;
        }
        List<String> cancelled = news.get().cancelled();
        List<String> stopped = news.get().stopped();
        toldCancelled.retainAll(cancelled);
        toldStopped.retainAll(stopped);
        cancelled.stream().filter(toldCancelled::add).forEach(this::cancel);
        stopped.stream().filter(toldStopped::add).forEach(this::stop);
        trust(news.get().instance());
        if (mayOffer && news.get().waits()) {
            links.offers.offer(instance.id(), life, line).ifPresent(this::command);
        }
    }

    private void trust(Instance now) {
        long wanted = now.trustMillis();
        if (wanted == 0 || wanted == trustToldMillis) {
            return;
        }
        if (now.unable().mayEndByTrust()) {
            trustToldMillis = wanted; // its next Hello shows whether it was heard, and may come as soon as this is sent
        }
        send(ServerMessage.newBuilder().setTrust(Trust.getDefaultInstance()).build());
        if (!now.unable().mayEndByTrust()) {
            links.instances.trustIsKnown(now.id(), wanted);
        }
    }

    private void cancel(String assignmentId) {
        send(ServerMessage.newBuilder()
                .setCancel(Cancel.newBuilder().setAssignmentId(assignmentId))
                .build());
    }

    private void stop(String assignmentId) {
        send(ServerMessage.newBuilder()
                .setStop(Stop.newBuilder().setAssignmentId(assignmentId))
                .build());
    }

    private void command(Offers.Offer offer) {
        send(ServerMessage.newBuilder()
                .setCommand(Command.newBuilder()
                        .setAssignmentId(offer.assignment().id())
                        .setDurationSeconds((int) offer.spec().duration().toSeconds())
                        .setOptions(TaskSpecText.of(offer.spec())))
                .build());
    }

    void send(ServerMessage message) {
        pipe.send(message);
    }

    void end(Status status) {
        if (instance != null) {
            links.remove(instance.id(), this);
        }
        pipe.end(status);
    }

    void gone() {
        if (instance != null && links.remove(instance.id(), this)) {
            log.info("instance {} of service {} is gone", instance.name(), instance.service());
        }
    }

    @Override
    public void onError(Throwable e) {
        gone();
    }

    @Override
    public void onCompleted() {
        gone();
        pipe.complete();
    }

    static Status tooMany(String what, int count) {
        return Status.INVALID_ARGUMENT.withDescription(count + " " + what + "; at most " + MAX_PARTS + " are allowed");
    }
}
