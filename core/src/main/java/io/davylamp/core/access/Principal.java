package io.davylamp.core.access;

import java.util.List;

/**
 * Who asks. First argument of every call of a service that acts or reveals something. Immutable.
 *
 * @param id never another one's, and the same from one sign-in to the next: {@code user:joe}
 * @param name for people to read
 * @param grants what the principal may do; those of an agent name the services that it speaks for
 * @param address from which the principal asks, for the audit log; empty when nobody noted it
 */
public record Principal(Kind kind, String id, String name, List<Grant> grants, String address) {
    private static final List<Grant> EVERYTHING = List.of(new Grant(Role.ADMIN, ServicePattern.ALL));

    /** Whoever asks while no sign-in is configured: everything is allowed. */
    public static final Principal ANYONE = new Principal(Kind.ANYONE, "anyone", "anyone", EVERYTHING);
    /** This server itself. */
    public static final Principal SYSTEM = new Principal(Kind.SYSTEM, "system", "system", EVERYTHING);

    /** What kind of caller it is. */
    public enum Kind {
        /** Signed in with a password or at an identity provider. */
        PERSON,
        /** A script or an assistant with a token of its own. */
        TOKEN,
        /** An agent in a JVM: it speaks for instances and sees nothing. */
        AGENT,
        SYSTEM,
        ANYONE
    }

    public Principal {
        grants = List.copyOf(grants);
    }

    /** One of whom nobody noted from where they ask. */
    public Principal(Kind kind, String id, String name, List<Grant> grants) {
        this(kind, id, name, grants, "");
    }

    /** The same, who asks from this address. */
    public Principal from(String newAddress) {
        return new Principal(kind, id, name, grants, newAddress);
    }

    /** Returns the name that stands on what the principal makes. */
    public Author author() {
        return new Author(id, name);
    }

    /** Whether the principal has the role for the service. */
    public boolean may(Role role, String service) {
        if (kind == Kind.AGENT) {
            return false;
        }
        for (Grant grant : grants) {
            if (grant.role().includes(role) && grant.services().matches(service)) {
                return true;
            }
        }
        return false;
    }

    public boolean maySee(String service) {
        return may(Role.VIEWER, service);
    }

    /** Whether the principal has the role for all services, also those that do not exist yet. */
    public boolean mayEverywhere(Role role) {
        return kind != Kind.AGENT
                && grants.stream()
                        .anyMatch(grant ->
                                grant.role().includes(role) && grant.services().isAll());
    }

    /** Whether the principal has the role for any service. */
    public boolean maySomewhere(Role role) {
        return kind != Kind.AGENT
                && grants.stream().anyMatch(grant -> grant.role().includes(role));
    }

    /** Whether it may report instances of the service and deliver their recordings. */
    public boolean speaksFor(String service) {
        return switch (kind) {
            case AGENT -> grants.stream().anyMatch(grant -> grant.services().matches(service));
            case ANYONE, SYSTEM -> true;
            case PERSON, TOKEN -> false;
        };
    }

    /**
     * Refuses one who may see the service but has not the role.
     *
     * @param deed what the caller wants to do, for the message: {@code starting a task}
     * @throws DeniedException if the caller lacks the role
     */
    public void require(Role role, String service, String deed) {
        if (!may(role, service)) {
            throw new DeniedException(deed + " needs the role " + role.word() + " for service \"" + service
                    + "\", which " + name + " does not have; an administrator can grant it");
        }
    }

    /**
     * The same for what concerns all services.
     *
     * @throws DeniedException if the caller lacks the role for all services
     */
    public void requireEverywhere(Role role, String deed) {
        if (!mayEverywhere(role)) {
            throw new DeniedException(deed + " needs the role " + role.word() + " for all services, which " + name
                    + " does not have; an administrator can grant it");
        }
    }

    /**
     * Refuses one who has the role for no service.
     *
     * @throws DeniedException if the caller has it for none
     */
    public void requireSomewhere(Role role, String deed) {
        if (!maySomewhere(role)) {
            throw new DeniedException(deed + " needs the role " + role.word() + ", which " + name
                    + " does not have; an administrator can grant it");
        }
    }
}
