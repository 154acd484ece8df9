import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.app.event.ReferenceInsertionEventHandler;
import org.apache.velocity.runtime.log.NullLogChute;
import org.apache.velocity.util.introspection.Info;
import org.apache.velocity.util.introspection.UberspectImpl;
import org.apache.velocity.util.introspection.VelMethod;
import org.apache.velocity.util.introspection.VelPropertyGet;

/**
 * Renders what stands on standard input as Jira renders a template of an app: every reference escaped for HTML (Jira 6 and later do so by themselves), and
 * only those methods called that are on a list (Jira 10 and later). An issue is all that a template finds here.
 *
 *   Render [ID KEY]...   the text rendered for each issue, and a byte 0 behind each; on standard error a line for each method that was asked for, and whether
 *                        it is on the list
 *   Render --jar FILE    what Java finds in a jar: the manifest's lines, and the files, each of which was read, with their length
 */
public final class Render {
  /** As much of com.atlassian.jira.issue.Issue as is on the list, and a getter that is not. */
  public static final class Issue {
    private final Object id;
    private final String key;

    Issue(Object id, String key) {
      this.id = id;
      this.key = key;
    }

    public Object getId() { return id; }
    public String getKey() { return key; }
    public String getSummary() { return "not on the list"; }
  }

  /** Velocity asks here for whatever a template wants to call. */
  public static final class Listed extends UberspectImpl {
    static final TreeSet<String> asked = new TreeSet<>();

    private static boolean isListed(Object owner, String method) {
      boolean listed = owner instanceof Issue && (method.equals("getId") || method.equals("getKey"));
      asked.add(owner.getClass().getSimpleName() + "." + method + (listed ? "" : " refused"));
      return listed;
    }

    @Override
    public VelMethod getMethod(Object owner, String name, Object[] values, Info where) throws Exception {
      return isListed(owner, name) ? super.getMethod(owner, name, values, where) : null;
    }

    @Override
    public VelPropertyGet getPropertyGet(Object owner, String name, Info where) throws Exception {
      VelPropertyGet getter = super.getPropertyGet(owner, name, where);
      return getter != null && isListed(owner, getter.getMethodName()) ? getter : null;
    }
  }

  /** As Jira's own escapes what a reference gives. */
  public static final class Escaping implements ReferenceInsertionEventHandler {
    @Override
    public Object referenceInsert(String reference, Object value) {
      if (value == null) return null;
      return value.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
  }

  private static void list(String path) throws Exception {
    try (JarFile jar = new JarFile(path)) {
      for (Map.Entry<Object, Object> line : jar.getManifest().getMainAttributes().entrySet()) System.out.println(line.getKey() + ": " + line.getValue());
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        CRC32 sum = new CRC32();
        sum.update(bytes);
        System.out.println(entry.getName() + " " + bytes.length + (sum.getValue() == entry.getCrc() ? "" : " has a wrong sum"));
      }
    }
  }

  public static void main(String[] given) throws Exception {
    if (given.length > 0 && given[0].equals("--jar")) {
      list(given[1]);
      return;
    }
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", NullLogChute.class.getName());
    engine.setProperty("runtime.introspector.uberspect", Listed.class.getName());
    engine.setProperty("eventhandler.referenceinsertion.class", Escaping.class.getName());
    engine.init();
    String template = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    for (int n = 0; n + 1 < given.length; n += 2) {
      VelocityContext context = new VelocityContext();
      context.put("issue", new Issue(given[n].matches("[0-9]+") ? (Object) Long.valueOf(given[n]) : given[n], given[n + 1]));
      StringWriter rendered = new StringWriter();
      engine.evaluate(context, rendered, "template", template);
      System.out.write(rendered.append('\0').toString().getBytes(StandardCharsets.UTF_8));
    }
    System.out.flush();
    Listed.asked.forEach(System.err::println);
  }
}
