package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.Arrays;
import java.util.List;

/** Merges profiles into one tree, and may go on after {@link #build}. Not thread-safe. */
public final class TreeBuilder {
    private final Measure measure;
    private final Naming naming;
    private final List<Group> groups;
    private final Names names = new Names();
    private final MethodNames methodNames;
    private final MergedNodes nodes;
    private int[] nameProfile = new int[256];
    private int[] nameProfiles = new int[256];
    private int profiles;

    public TreeBuilder(Measure measure, Detail detail) {
        this(measure, new Naming(detail, false, false), List.of(), 1);
    }

    /**
     * @param groups what stands above the stacks, outermost first
     * @param sides 2 to compare with a baseline
     */
    TreeBuilder(Measure measure, Naming naming, List<Group> groups, int sides) {
        this.measure = measure;
        this.naming = naming;
        this.groups = groups;
        this.methodNames = new MethodNames(naming, names);
        this.nodes = new MergedNodes(sides, FrameKind.UNKNOWN);
        names.of(FrameTree.ALL);
    }

    /** Adds what {@code filter} accepts of a profile that stands alone. */
    public TreeBuilder add(Profile profile, ProfileFilter filter) {
        return add(profile, filter, TimeRange.of(filter, List.of(profile.info())), false, "", 0);
    }

    /**
     * Adds what {@code filter} accepts of the profile's samples; nothing when it has no such measure.
     *
     * @param range what the filter's moments are for all profiles of the query
     * @param count whether each sample counts 1, whatever its value
     * @param instance name of the instance, for {@link Group#INSTANCE}
     * @param side 0, or 1 for the baseline
     */
    public TreeBuilder add(
            Profile profile, ProfileFilter filter, TimeRange range, boolean count, String instance, int side) {
        if (!Selection.has(profile, measure)) {
            return this;
        }
        profiles++;
        Selection selection = new Selection(profile, measure, filter, range, count);
        StackValues values = new StackValues(profile, selection, groups, instance);
        Adder adder = new Adder(profile, selection, side);
        values.forEach(adder::add);
        return this;
    }

    /** Adds a profile to a builder without groups; answers the node of each stack that a sample has. */
    int[] addStacks(Profile profile, ProfileFilter filter, TimeRange range, boolean count) {
        profiles++;
        Selection selection = new Selection(profile, measure, filter, range, count);
        Adder adder = new Adder(profile, selection, 0);
        new StackValues(profile, selection, groups, "").forEach(adder::add);
        return adder.merged;
    }

    /** A builder for the same question that holds nothing yet. */
    TreeBuilder sibling() {
        return new TreeBuilder(measure, naming, groups, nodes.sides());
    }

    /** Adds all that a {@link #sibling} holds. */
    void addAll(TreeBuilder other) {
        int[] nameMap = new int[other.names.size()];
        for (int i = 0; i < nameMap.length; i++) {
            nameMap[i] = names.of(other.names.text(i));
        }
        int[] nodeMap = new int[other.nodes.size()];
        for (int i = 0; i < nodeMap.length; i++) {
            if (i > 0) {
                nodeMap[i] =
                        nodes.child(nodeMap[other.nodes.parent(i)], nameMap[other.nodes.name(i)], other.nodes.kind(i));
            }
            for (int side = 0; side < nodes.sides(); side++) {
                nodes.add(side, nodeMap[i], other.nodes.self(side, i));
            }
        }
        for (int i = 0; i < Math.min(nameMap.length, other.nameProfiles.length); i++) {
            if (other.nameProfiles[i] > 0) {
                growNames(nameMap[i]);
                nameProfiles[nameMap[i]] += other.nameProfiles[i];
            }
        }
        profiles += other.profiles;
    }

    /** One profile's stacks on their way into the tree. */
    private final class Adder {
        private final Profile profile;
        private final Selection selection;
        private final MethodNames.Of texts;
        private final int side;
        private final boolean mergesLevels = naming.detail() == Detail.CLASS || naming.detail() == Detail.PACKAGE;
        /** By frame if its line matters, else by method: one in many frames is another method. */
        private final int[] nameOf;

        private final int[] method;
        private final int[] merged;

        Adder(Profile profile, Selection selection, int side) {
            this.profile = profile;
            this.selection = selection;
            this.texts = methodNames.of(profile);
            this.side = side;
            this.method =
                    naming.detail() == Detail.LINE ? null : profile.frames().method();
            this.nameOf = new int
                    [method == null
                            ? profile.frames().size()
                            : profile.methods().size()];
            this.merged = new int[profile.stackCount()];
            Arrays.fill(nameOf, -1);
        }

        void add(List<String> group, long[] selfByStack, int[] stacks) {
            int base = 0;
            for (String text : group) {
                base = nodes.child(base, names.of(text), FrameKind.GROUP.code());
            }
            int[] stackParent = profile.stackParent();
            int[] stackFrame = profile.stackFrame();
            byte[] kinds = profile.frames().kind();
            int[] used = stacks == null ? withCallers(selfByStack) : withCallers(stacks);
            merged[0] = base;
            nodes.add(side, base, selfByStack[0]);
            if (selection.changesStacks()) {
                addChanged(base, selfByStack, used);
                return;
            }
            for (int i : used) {
                int frame = stackFrame[i];
                int node = below(merged[stackParent[i]], frame, kinds[frame]);
                merged[i] = node;
                if (selfByStack[i] != 0) {
                    nodes.add(side, node, selfByStack[i]);
                }
            }
        }

        /** Adds stacks with a filter that begins them later, ends them earlier or hides frames. */
        private void addChanged(int base, long[] selfByStack, int[] used) {
            int[] stackParent = profile.stackParent();
            int[] stackFrame = profile.stackFrame();
            byte[] kinds = profile.frames().kind();
            boolean[] begun = new boolean[selfByStack.length];
            boolean[] ended = new boolean[selfByStack.length];
            begun[0] = !selection.needsRoot();
            for (int i : used) {
                int up = stackParent[i];
                int frame = stackFrame[i];
                byte marks = selection.marksOfFrame(frame);
                begun[i] = begun[up] || (marks & Selection.ROOT) != 0;
                ended[i] = ended[up] || begun[i] && (marks & Selection.LEAF) != 0;
                if (!begun[i]) {
                    merged[i] = base;
                } else if (ended[up] || (marks & Selection.HIDDEN) != 0) {
                    merged[i] = merged[up];
                } else {
                    merged[i] = below(merged[up], frame, kinds[frame]);
                }
                nodes.add(side, merged[i], selfByStack[i]);
            }
        }

        private int below(int under, int frame, byte kindCode) {
            int text = nameOf(frame);
            return mergesLevels && nodes.is(under, text, kindCode)
                    ? under // consecutive frames of one class or package are one
                    : nodes.child(under, text, kindCode);
        }

        /** The stacks with a value and their callers, callers first. */
        private int[] withCallers(long[] selfByStack) {
            int[] stackParent = profile.stackParent();
            boolean[] used = new boolean[selfByStack.length];
            int n = 0;
            for (int i = selfByStack.length - 1; i > 0; i--) {
                if (used[i] || selfByStack[i] != 0) {
                    used[i] = true;
                    used[stackParent[i]] = true;
                    n++;
                }
            }
            int[] stacks = new int[n];
            for (int i = selfByStack.length - 1; i > 0; i--) {
                if (used[i]) {
                    stacks[--n] = i;
                }
            }
            return stacks;
        }

        /** Returns few stacks with their callers, without a pass over all others. */
        private int[] withCallers(int[] stacks) {
            int[] stackParent = profile.stackParent();
            IntOpenHashSet used = new IntOpenHashSet();
            for (int stack : stacks) {
                for (int i = stack; i > 0 && used.add(i); ) {
                    i = stackParent[i];
                }
            }
            int[] all = used.toIntArray();
            Arrays.sort(all);
            return all;
        }

        private int nameOf(int frame) {
            int key = method == null ? frame : method[frame];
            int known = nameOf[key];
            if (known < 0) {
                known = texts.name(frame);
                nameOf[key] = known;
                countProfile(known);
            }
            return known;
        }
    }

    private void growNames(int text) {
        if (text >= nameProfile.length) {
            int grown = Math.max(text + 1, nameProfile.length * 2);
            nameProfile = Arrays.copyOf(nameProfile, grown);
            nameProfiles = Arrays.copyOf(nameProfiles, grown);
        }
    }

    private void countProfile(int text) {
        growNames(text);
        if (nameProfile[text] != profiles) {
            nameProfile[text] = profiles;
            nameProfiles[text]++;
        }
    }

    /** Bytes that the builder takes in memory, about. */
    public long weightBytes() {
        return nodes.weightBytes() + methodNames.weightBytes() + 100L * names.size();
    }

    public FrameTree build() {
        String[] texts = names.toArray();
        return nodes.build(measure, texts, Arrays.copyOf(nameProfiles, texts.length), 0);
    }
}
